package io.millrace.operators.intrusion;

import io.millrace.operators.deadletter.DeadLetters;
import io.millrace.operators.source.Origin;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;

/** Dead letters of flows that were decoded but could not be judged. */
final class FlowDeadLetters {

    static final String STAGE = "intrusion";

    private FlowDeadLetters() {}

    /** {@code origin}: where the flow was read; null if that is not known. */
    static DeadLetter of(FlowRecord flow, Origin origin, String step, DeadLetterReason reason, String message) {
        return DeadLetters.at(origin, DeadLetters.of(STAGE, step, flow.getSourceAddress(), flow, reason, message));
    }
}
