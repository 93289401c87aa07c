package io.millrace.simulators.flow;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.millrace.schemas.FlowRecord;

/**
 * A summary of flows by label, to hold simulated traffic against recorded traffic: quantiles of bytes, packets and duration,
 * the commonest states, services and ports. Keeps a sample of 65,536 flows a label for the quantiles. Not thread-safe.
 */
public final class FlowStatistics {
    private static final int SAMPLE = 65_536;
    private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
    private static final String[] MEASURES = {"bytes out", "bytes in", "packets out", "packets in", "seconds"};

    private final Map<String, Group> groups = new TreeMap<>();

    /** Takes a flow into account. */
    public void add(FlowRecord flow) {
        groups.computeIfAbsent(String.valueOf(flow.getLabel()), label -> new Group())
                .add(flow);
    }

    /** Returns the number of flows by label. */
    public Map<String, Long> countsByLabel() {
        Map<String, Long> counts = new TreeMap<>();
        groups.forEach((label, group) -> counts.put(label, group.count));
        return counts;
    }

    /** Returns the summary as lines of text. */
    public String summary() {
        StringBuilder text = new StringBuilder();
        groups.forEach((label, group) -> group.describe(label, text));
        return text.toString();
    }

    private static final class Group {
        private final double[][] samples = new double[MEASURES.length][1024];
        private final Map<String, Long> states = new HashMap<>();
        private final Map<String, Long> services = new HashMap<>();
        private final Map<String, Long> ports = new HashMap<>();
        private final Map<String, Long> protocols = new HashMap<>();
        private long count;
        private int sampled;
        private long stride = 1;

        void add(FlowRecord flow) {
            if (count++ % stride == 0) {
                sample(flow);
            }
            states.merge(String.valueOf(flow.getConnectionState()), 1L, Long::sum);
            services.merge(String.valueOf(flow.getService()), 1L, Long::sum);
            protocols.merge(String.valueOf(flow.getProtocol()), 1L, Long::sum);
            String port = String.valueOf(flow.getDestinationPort());
            if (ports.size() < SAMPLE || ports.containsKey(port)) {
                ports.merge(port, 1L, Long::sum);
            }
        }

        private void sample(FlowRecord flow) {
            if (sampled == SAMPLE) {
                // Keep every other one, and from now on sample half as often.
                for (double[] sample : samples) {
                    for (int i = 0; i < SAMPLE / 2; i++) {
                        sample[i] = sample[2 * i];
                    }
                }
                sampled = SAMPLE / 2;
                stride *= 2;
            }
            if (sampled == samples[0].length) {
                for (int i = 0; i < samples.length; i++) {
                    samples[i] = Arrays.copyOf(samples[i], Math.min(SAMPLE, sampled * 2));
                }
            }
            samples[0][sampled] = number(flow.getBytesOut());
            samples[1][sampled] = number(flow.getBytesIn());
            samples[2][sampled] = number(flow.getPacketsOut());
            samples[3][sampled] = number(flow.getPacketsIn());
            samples[4][sampled] = number(flow.getDurationSeconds());
            sampled++;
        }

        private static double number(Number value) {
            return value == null ? Double.NaN : value.doubleValue();
        }

        void describe(String label, StringBuilder text) {
            text.append(String.format(Locale.ROOT, "%s: %d flows%n", label, count));
            text.append(String.format(
                    Locale.ROOT,
                    "  %-12s %s%n",
                    "quantile",
                    Arrays.stream(QUANTILES)
                            .mapToObj(q -> String.format(Locale.ROOT, "%10.2f", q))
                            .collect(Collectors.joining())));
            for (int i = 0; i < MEASURES.length; i++) {
                double[] known = Arrays.stream(samples[i], 0, sampled)
                        .filter(value -> !Double.isNaN(value))
                        .sorted()
                        .toArray();
                if (known.length > 0) {
                    text.append(String.format(
                            Locale.ROOT,
                            "  %-12s %s%n",
                            MEASURES[i],
                            Arrays.stream(QUANTILES)
                                    .mapToObj(q -> String.format(
                                            Locale.ROOT,
                                            "%10.4g",
                                            known[(int) Math.min(known.length - 1, q * known.length)]))
                                    .collect(Collectors.joining())));
                }
            }
            text.append("  states    ").append(commonest(states)).append('\n');
            text.append("  services  ").append(commonest(services)).append('\n');
            text.append("  protocols ").append(commonest(protocols)).append('\n');
            text.append("  ports     ").append(commonest(ports)).append('\n');
        }

        private String commonest(Map<String, Long> counts) {
            return counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(10)
                    .map(entry ->
                            String.format(Locale.ROOT, "%s %.3f", entry.getKey(), (double) entry.getValue() / count))
                    .collect(Collectors.joining("  "));
        }
    }
}
