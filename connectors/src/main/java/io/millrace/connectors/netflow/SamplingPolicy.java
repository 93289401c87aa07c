package io.millrace.connectors.netflow;

import java.util.List;

import io.millrace.schemas.FlowRecord;

/**
 * What is done about sampled flows: rates set by hand, which win over what an exporter announces, and whether the volumes
 * are multiplied by the rate. The multiplied volumes estimate what passed; the flow says so in {@code volumes_scaled}.
 *
 * @param byHand rates set by hand; the first whose range holds the exporter counts
 * @param scale whether bytes and packets are multiplied
 */
public record SamplingPolicy(List<Rate> byHand, boolean scale) {
    /** Takes what exporters announce and multiplies nothing. */
    public static final SamplingPolicy AS_ANNOUNCED = new SamplingPolicy(List.of(), false);

    /** Attribute of a flow that has the rate as text. */
    public static final String ATTRIBUTE = "samplingInterval";

    /** Rates are believed up to here; what is beyond is made up. */
    public static final double MOST = 1e9;

    /**
     * A rate set by hand.
     *
     * @param exporters exporters that it holds for; null for all
     * @param rate one packet in how many is looked at; 1 for an exporter that does not sample
     */
    public record Rate(AddressRange exporters, double rate) {
        public Rate {
            if (!(rate >= 1 && rate <= MOST)) {
                throw new IllegalArgumentException("a sampling rate must be from 1 to 1000000000");
            }
        }
    }

    public SamplingPolicy {
        byHand = List.copyOf(byHand);
    }

    /** Applies the policy to a flow of an exporter; changes the flow in place. */
    public void apply(FlowRecord flow, String exporter) {
        for (Rate rate : byHand) {
            if (rate.exporters() == null || rate.exporters().contains(exporter)) {
                note(flow, rate.rate());
                break;
            }
        }
        Double rate = flow.getSamplingRate();
        if (scale && rate != null && !flow.getVolumesScaled()) {
            flow.setBytesOut(scaled(flow.getBytesOut(), rate));
            flow.setBytesIn(scaled(flow.getBytesIn(), rate));
            flow.setPacketsOut(scaled(flow.getPacketsOut(), rate));
            flow.setPacketsIn(scaled(flow.getPacketsIn(), rate));
            flow.setVolumesScaled(true);
        }
    }

    /** Notes a rate in a flow; one of 1 or less says that the flow was not sampled. */
    public static void note(FlowRecord flow, double rate) {
        if (rate > 1) {
            flow.setSamplingRate(rate);
            flow.getAttributes().put(ATTRIBUTE, text(rate));
        } else {
            flow.setSamplingRate(null);
            flow.getAttributes().remove(ATTRIBUTE);
        }
    }

    /** A rate as text: a whole number, or with up to three decimals. */
    public static String text(double rate) {
        long thousandths = Math.round(rate * 1000);
        if (thousandths % 1000 == 0) {
            return Long.toString(thousandths / 1000);
        }
        return Double.toString(thousandths / 1000.0);
    }

    private static Long scaled(Long count, double rate) {
        return count == null ? null : (Long) Math.round(count * rate);
    }
}
