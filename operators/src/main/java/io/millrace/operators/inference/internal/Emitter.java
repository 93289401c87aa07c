package io.millrace.operators.inference.internal;

import io.millrace.schemas.DeadLetter;

/**
 * Where an inference loop puts what it has to say. Times are event times in milliseconds, or {@link
 * PendingRecord#NO_TIMESTAMP}.
 *
 * @param <OUT> result
 */
public interface Emitter<OUT> {

    void result(OUT result, long timestamp);

    void letter(DeadLetter letter, long timestamp);

    /** Event time has come this far, downstream and for timers. */
    void watermark(long timestamp);

    /** Nothing more comes for now. */
    void idle();
}
