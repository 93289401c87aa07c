package io.millrace.it.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.FlowGenerator;
import io.millrace.simulators.flow.FlowScenario;

/** The same simulated flows each time, with attacks among them, of a fixed number of source hosts. */
final class SeededFlows {
    private SeededFlows() {}

    /**
     * Flows in the order they are reported, out of order by at most {@code disorder}.
     *
     * @param keys source hosts, each with at least one flow
     */
    static List<FlowRecord> of(long seed, int keys, int count, Duration disorder) {
        FlowGenerator generator = new FlowGenerator(FlowScenario.builder()
                .seed(seed)
                .hosts(keys)
                .attackShare(0.15)
                .disorder(disorder)
                .build());
        Set<String> hosts = new HashSet<>();
        List<FlowRecord> flows = new ArrayList<>(count);
        while (flows.size() < count) {
            FlowRecord flow = generator.next();
            if (hosts.size() < keys || hosts.contains(flow.getSourceAddress())) {
                hosts.add(flow.getSourceAddress());
                flows.add(flow);
            }
        }
        if (hosts.size() < keys) {
            throw new IllegalStateException(count + " flows have " + hosts.size() + " hosts only");
        }
        return flows;
    }

    /** A flow of a host of its own that ends at a time given: brings the watermark there. */
    static FlowRecord closing(FlowRecord like, int host, Instant end) {
        return FlowRecord.newBuilder(like)
                .setFlowId("closing-" + host)
                .setSourceAddress("198.18.0." + host)
                .setStartTime(end)
                .setEndTime(end)
                .build();
    }
}
