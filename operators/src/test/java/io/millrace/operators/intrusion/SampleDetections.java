package io.millrace.operators.intrusion;

import java.time.Instant;
import java.util.List;

import io.millrace.schemas.Detection;
import io.millrace.schemas.Verdict;

/** Attack detections for tests: what is not given is the same for all. */
final class SampleDetections {

    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private SampleDetections() {}

    /** A scan of port 22 by a host, {@code second} seconds after {@link #START}. */
    static Detection scan(String host, double second, String id) {
        return builder(host, "scan", second, id).build();
    }

    static Detection.Builder builder(String host, String kind, double second, String id) {
        return Detection.newBuilder()
                .setDetectionId("detection-" + id)
                .setFlowId("flow-" + id)
                .setKey(host)
                .setSequence(0)
                .setEventTime(at(second))
                .setEmittedTime(at(second))
                .setVerdict(Verdict.ATTACK)
                .setKind(kind)
                .setScore(2.0)
                .setProbability(0.875)
                .setThreshold(0.5)
                .setDetector("toy")
                .setModelVersion("1")
                .setSourceAddress(host)
                .setSourcePort(40_000)
                .setDestinationAddress("10.0.0.1")
                .setDestinationPort(22)
                .setProtocol(6)
                .setTechniqueIds(List.of("T1046"))
                .setFlowEvidence(List.of())
                .setFieldEvidence(List.of());
    }

    static Instant at(double second) {
        return START.plusMillis(Math.round(second * 1000));
    }
}
