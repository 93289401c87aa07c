package io.millrace.operators.intrusion;

import java.time.Instant;
import java.util.List;

import io.millrace.operators.OperatorModes;
import io.millrace.operators.alert.AlertCorrelator;
import io.millrace.operators.alert.AlertPolicy;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.schemas.Alert;
import io.millrace.schemas.Detection;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** A correlator whose time is in seconds after {@link SampleDetections#START}. */
final class AlertHarness extends KeyedOneInputStreamOperatorTestHarness<String, Detection, Alert>
        implements OperatorModes.Subtask<Detection> {

    private AlertHarness(AlertPolicy policy, int parallelism, int index) throws Exception {
        super(
                new EventTimeOperator<>(new AlertCorrelator<>(policy, new EachAlike())),
                Detection::getKey,
                Types.STRING,
                OperatorModes.MAX_PARALLELISM,
                parallelism,
                index);
    }

    static AlertHarness open(AlertPolicy policy) throws Exception {
        return open(policy, null);
    }

    static AlertHarness open(AlertPolicy policy, OperatorSubtaskState restored) throws Exception {
        return open(policy, 1, 0, restored);
    }

    static AlertHarness open(AlertPolicy policy, int parallelism, int index, OperatorSubtaskState restored)
            throws Exception {
        AlertHarness harness = new AlertHarness(policy, parallelism, index);
        harness.setup();
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
        return harness;
    }

    /** On a backend of the test's choice. */
    static AlertHarness on(StateBackend backend, AlertPolicy policy, OperatorSubtaskState restored) throws Exception {
        AlertHarness harness = new AlertHarness(policy, 1, 0);
        harness.setStateBackend(backend);
        harness.setup();
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
        return harness;
    }

    AlertHarness send(Detection... detections) throws Exception {
        for (Detection detection : detections) {
            processElement(detection, detection.getEventTime().toEpochMilli());
        }
        return this;
    }

    /** Every detection up to this second has come. */
    AlertHarness passed(double second) throws Exception {
        processWatermark(SampleDetections.at(second).toEpochMilli());
        return this;
    }

    List<Alert> alerts() {
        return extractOutputValues();
    }

    /** Each revision as STATUS count. */
    List<String> story() {
        return alerts().stream()
                .map(alert -> alert.getStatus() + " " + alert.getCount())
                .toList();
    }

    @Override
    public void record(Detection detection, long timestamp) throws Exception {
        processElement(detection, timestamp);
    }

    @Override
    public void watermark(long timestamp) throws Exception {
        processWatermark(timestamp);
    }

    @Override
    public void endOfInput() throws Exception {
        ((BoundedOneInput) getOperator()).endInput();
    }

    @Override
    public OperatorSubtaskState checkpoint(long id) throws Exception {
        return snapshot(id, id);
    }

    @Override
    public List<OperatorModes.Answer> answers() {
        return alerts().stream()
                .map(alert -> new OperatorModes.Answer(
                        alert.getEntity() + "|" + alert.getKind(),
                        Alert.newBuilder(alert)
                                .setEmittedTime(Instant.EPOCH)
                                .build()
                                .toString()))
                .toList();
    }
}
