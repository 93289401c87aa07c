package io.millrace.operators.inference.internal;

import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * Holds each watermark back until every record that arrived before it has left.
 *
 * <p>Records between two watermarks form an epoch. A watermark passes when its epoch and all earlier ones are empty;
 * records of later epochs may leave before it, which does no harm: they are only earlier than they had to be.
 */
public final class WatermarkGate {

    /** Records between two watermarks. */
    public static final class Epoch {
        private int outstanding;
        private boolean closed;
        private long watermark;
    }

    private final ArrayDeque<Epoch> epochs = new ArrayDeque<>();

    public WatermarkGate() {
        epochs.add(new Epoch());
    }

    /** A record arrives: returns its epoch, to be handed to {@link #leave}. */
    public Epoch enter() {
        Epoch epoch = epochs.getLast();
        epoch.outstanding++;
        return epoch;
    }

    /** A record has left. Call {@link #release} afterwards. */
    public void leave(Epoch epoch) {
        if (epoch.outstanding <= 0) {
            throw new IllegalStateException("more records leave an epoch than entered it");
        }
        epoch.outstanding--;
    }

    /** A watermark arrives. Call {@link #release} afterwards. */
    public void watermark(long timestamp) {
        Epoch epoch = epochs.getLast();
        epoch.watermark = timestamp;
        epoch.closed = true;
        epochs.add(new Epoch());
    }

    /** Lets pass, in order, every watermark that waits for nothing any more. */
    public void release(LongConsumer downstream) {
        while (true) {
            Epoch first = epochs.getFirst();
            if (!first.closed || first.outstanding > 0) {
                return;
            }
            epochs.removeFirst();
            downstream.accept(first.watermark);
        }
    }

    /** Number of watermarks held back. */
    public int held() {
        return epochs.size() - 1;
    }
}
