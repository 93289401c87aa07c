package io.millrace.operators.intrusion;

import io.millrace.operators.deadletter.DeadLetters;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;

/** Dead letters of flows that were decoded but could not be judged. */
final class FlowDeadLetters {

    static final String STAGE = "intrusion";

    private FlowDeadLetters() {}

    static DeadLetter of(FlowRecord flow, String step, DeadLetterReason reason, String message) {
        return DeadLetters.of(STAGE, step, flow.getSourceAddress(), flow, reason, message);
    }
}
