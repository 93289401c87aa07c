package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTruth;
import io.millrace.simulators.pacing.PacingClock;
import io.millrace.simulators.pacing.StreamPacer;

/** Hands on what a generator makes when its time has come. */
public final class AudioPlayback {

    private static final long LONGEST_WAIT_NANOS = 50_000_000;

    private AudioPlayback() {}

    /**
     * Runs until the generator has no more. Once stopped, every stream is cut where it stands, and what is left of it, its
     * end and its truth come at once.
     *
     * @param pacer started at the scenario's time; null to wait for nothing
     * @param stopped asked before each delivery, and while it waits
     * @throws IOException if the speech cannot be had
     */
    public static void run(
            AudioGenerator generator,
            StreamPacer pacer,
            BooleanSupplier stopped,
            Consumer<AudioChunk> audio,
            Consumer<SpeechTruth> truth)
            throws IOException {
        boolean cut = false;
        for (Delivery each = generator.next(); each != null; each = generator.next()) {
            while (!stopped.getAsBoolean() && pacer != null && pacer.mustWait(each.timeMillis())) {
                // In short waits, so that a stop is noticed.
                PacingClock.SYSTEM.sleepNanos(Math.min(LONGEST_WAIT_NANOS, pacer.nanosUntil(each.timeMillis())));
            }
            if (stopped.getAsBoolean() && !cut) {
                cut = true;
                generator.cut();
            }
            if (each.chunk() != null) {
                audio.accept(each.chunk());
            } else {
                truth.accept(each.truth());
            }
        }
    }
}
