package io.millrace.operators.intrusion;

import java.time.Instant;
import java.util.Map;

import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;

/** Flows for tests: TCP connections to port 443 of one server, unless said otherwise. */
final class SampleFlows {

    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private SampleFlows() {}

    /** A flow of a host that ended {@code second} seconds after {@link #START} and took a tenth of a second. */
    static FlowRecord flow(String host, double second, String id) {
        return builder(host, second, id).build();
    }

    static FlowRecord.Builder builder(String host, double second, String id) {
        return FlowRecord.newBuilder()
                .setFlowId(id)
                .setSensor("probe")
                .setSourceFormat(FlowFormat.IPFIX)
                .setStartTime(at(second - 0.1))
                .setEndTime(at(second))
                .setSourceAddress(host)
                .setSourcePort(40_000)
                .setDestinationAddress("10.0.0.1")
                .setDestinationPort(443)
                .setProtocol(6)
                .setBytesOut(500L)
                .setBytesIn(1_500L)
                .setPacketsOut(5L)
                .setPacketsIn(6L)
                .setTcpFlagsOut(27)
                .setTcpFlagsIn(27)
                .setAttributes(Map.of());
    }

    static Instant at(double second) {
        return START.plusMillis(Math.round(second * 1000));
    }

    static long millis(double second) {
        return at(second).toEpochMilli();
    }
}
