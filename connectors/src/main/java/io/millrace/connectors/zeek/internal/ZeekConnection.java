package io.millrace.connectors.zeek.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;

import io.millrace.connectors.flow.FlowFields;
import io.millrace.connectors.flow.FlowIdentity;
import io.millrace.connectors.flow.MalformedLineException;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;

/** Makes a flow of the columns of one connection. */
public final class ZeekConnection {
    private static final int MAX_PORT = 65_535;

    /** Start of the year 2200 in seconds since the epoch: later times are taken for nonsense. */
    private static final BigDecimal LATEST = BigDecimal.valueOf(7_258_118_400L);

    private ZeekConnection() {}

    /**
     * The flow of a connection.
     *
     * @param values columns by name, unset ones left out
     * @param number number of the line, which tells connections without {@code uid} apart
     */
    public static FlowRecord flow(Map<String, String> values, String sensor, long number)
            throws MalformedLineException {
        FlowFields fields = new FlowFields(values);
        FlowRecord flow = new FlowRecord();
        flow.setSensor(sensor);
        flow.setSourceFormat(FlowFormat.ZEEK);
        BigDecimal start = start(fields);
        BigDecimal duration = fields.seconds("duration");
        if (duration != null && (duration.signum() < 0 || duration.compareTo(LATEST) > 0)) {
            throw new MalformedLineException("duration is no plausible time");
        }
        if (start.signum() < 0 || start.compareTo(LATEST) > 0) {
            throw new MalformedLineException("ts is no plausible time");
        }
        flow.setStartTime(instant(start));
        flow.setEndTime(instant(duration == null ? start : start.add(duration)));
        flow.setDurationSeconds(duration == null ? null : (Double) duration.doubleValue());
        flow.setSourceAddress(fields.address("id.orig_h"));
        flow.setDestinationAddress(fields.address("id.resp_h"));
        protocol(flow, fields);
        counters(flow, fields, values);
        String service = fields.text("service");
        flow.setService(service == null ? null : service.toLowerCase(Locale.ROOT));
        flow.setConnectionState(fields.text("conn_state"));
        flow.setHistory(fields.text("history"));
        String uid = fields.text("uid");
        label(flow, fields);
        flow.setFlowId(uid == null ? FlowIdentity.of(flow, number) : uid);
        return flow;
    }

    private static BigDecimal start(FlowFields fields) throws MalformedLineException {
        String text = fields.text("ts");
        if (text == null) {
            throw new MalformedLineException("ts is missing");
        }
        if (text.indexOf('T') > 0) {
            try {
                Instant time = OffsetDateTime.parse(text).toInstant();
                return BigDecimal.valueOf(time.getEpochSecond()).add(BigDecimal.valueOf(time.getNano(), 9));
            } catch (DateTimeException e) {
                throw new MalformedLineException("ts is no time");
            }
        }
        try {
            BigDecimal seconds = new FlowFields(Map.of("ts", text)).seconds("ts");
            // JSON::TS_MILLIS; no time that is believed has so many seconds.
            return seconds.compareTo(LATEST) > 0 ? seconds.movePointLeft(3) : seconds;
        } catch (MalformedLineException e) {
            throw new MalformedLineException("ts is no number of seconds or milliseconds, nor an ISO 8601 time");
        }
    }

    private static Instant instant(BigDecimal seconds) {
        return Instant.ofEpochMilli(
                seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).longValueExact());
    }

    private static void protocol(FlowRecord flow, FlowFields fields) throws MalformedLineException {
        String name = fields.text("proto");
        if (name == null) {
            throw new MalformedLineException("proto is missing");
        }
        int protocol = FlowFields.protocol(name);
        Long number = fields.count("ip_proto", 255);
        if (protocol == 1 && flow.getSourceAddress().indexOf(':') >= 0) {
            protocol = 58;
        }
        flow.setProtocol(protocol == 0 && number != null ? number.intValue() : protocol);
        Integer from = FlowFields.narrow(fields.count("id.orig_p", MAX_PORT));
        Integer to = FlowFields.narrow(fields.count("id.resp_p", MAX_PORT));
        if (protocol == 1 || protocol == 58) {
            flow.setIcmpType(from);
            flow.setIcmpCode(IcmpAnswers.code(protocol, from, to));
        } else if (FlowFields.hasPorts(protocol)) {
            flow.setSourcePort(from);
            flow.setDestinationPort(to);
        }
    }

    private static void counters(FlowRecord flow, FlowFields fields, Map<String, String> values)
            throws MalformedLineException {
        boolean ipBytes = values.containsKey("orig_ip_bytes") || values.containsKey("resp_ip_bytes");
        flow.setBytesOut(fields.count(ipBytes ? "orig_ip_bytes" : "orig_bytes", Long.MAX_VALUE));
        flow.setBytesIn(fields.count(ipBytes ? "resp_ip_bytes" : "resp_bytes", Long.MAX_VALUE));
        flow.setPacketsOut(fields.count("orig_pkts", Long.MAX_VALUE));
        flow.setPacketsIn(fields.count("resp_pkts", Long.MAX_VALUE));
    }

    private static void label(FlowRecord flow, FlowFields fields) {
        String label = fields.text("label");
        String detail = fields.text("detailedlabel");
        String hyphenated = fields.text("detailed-label");
        Map<String, String> attributes = fields.rest();
        if (label != null) {
            attributes.put("zeek.label", label);
            flow.setLabel(
                    label.equalsIgnoreCase("malicious")
                            ? "attack"
                            : label.equalsIgnoreCase("benign") ? "benign" : null);
        }
        detail = detail == null ? hyphenated : detail;
        if (detail != null) {
            attributes.put("zeek.detailedlabel", detail);
        }
        flow.setAttributes(attributes);
    }
}
