package io.millrace.operators.intrusion;

import java.util.List;

import io.millrace.schemas.Alert;
import io.millrace.schemas.Detection;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** A correlator whose time is in seconds after {@link SampleDetections#START}. */
final class AlertHarness extends KeyedOneInputStreamOperatorTestHarness<String, Detection, Alert> {

    private AlertHarness(AlertPolicy policy) throws Exception {
        super(new KeyedProcessOperator<>(new AlertCorrelator(policy)), AlertCorrelator.KEY, Types.STRING);
    }

    static AlertHarness open(AlertPolicy policy) throws Exception {
        return open(policy, null);
    }

    static AlertHarness open(AlertPolicy policy, OperatorSubtaskState restored) throws Exception {
        AlertHarness harness = new AlertHarness(policy);
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
}
