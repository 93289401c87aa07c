package io.millrace.it;

import java.time.Instant;

import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.KeyExtractor;
import io.millrace.schemas.TimeExtractor;

/** Flow records for tests. */
final class Flows {
    static final KeyExtractor<FlowRecord> KEY = KeyExtractor.text(FlowRecord::getSourceAddress);
    static final TimeExtractor<FlowRecord> TIME = flow -> flow.getEndTime().toEpochMilli();
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private Flows() {}

    /** The flow of this number: one a second, from one of 16 hosts. */
    static FlowRecord flow(int number) {
        return FlowRecord.newBuilder()
                .setFlowId("flow-" + number)
                .setSensor("test")
                .setSourceFormat(FlowFormat.SIMULATED)
                .setStartTime(BEGIN.plusSeconds(number))
                .setEndTime(BEGIN.plusSeconds(number + 1L))
                .setSourceAddress("10.0.0." + number % 16)
                .setSourcePort(40000 + number)
                .setDestinationAddress("192.0.2.1")
                .setDestinationPort(443)
                .setProtocol(6)
                .setBytesOut(1000L + number)
                .build();
    }
}
