package io.millrace.models.speech.decoding;

import java.util.Arrays;

/**
 * Loudness of a stream from some mel frame on, without holes. Not changed once it is made.
 */
public final class Levels {

    /** Of nothing. */
    public static final Levels NONE = new Levels(0, new byte[0]);

    private final long first;
    private final byte[] values;

    /**
     * Levels that were kept.
     *
     * @param first mel frame of the first in its stream
     * @param values half decibels, {@link io.millrace.models.speech.frontend.Loudness}
     */
    public Levels(long first, byte[] values) {
        this.first = first;
        this.values = values.clone();
    }

    public long first() {
        return first;
    }

    /** Frame behind the last. */
    public long end() {
        return first + values.length;
    }

    public byte[] values() {
        return values.clone();
    }

    public boolean isEmpty() {
        return values.length == 0;
    }

    /** Level of a frame, half decibels; that of the first or the last beyond them. */
    int at(long frame) {
        return values[(int) Math.max(0, Math.min(values.length - 1, frame - first))];
    }

    /** With those from frame {@code from} on behind these; without these if some between are missing. */
    Levels and(long from, byte[] more) {
        if (more.length == 0) {
            return this;
        }
        if (isEmpty() || from > end() || from < first) {
            return new Levels(from, more);
        }
        int kept = (int) (from - first);
        byte[] all = Arrays.copyOf(values, kept + more.length);
        System.arraycopy(more, 0, all, kept, more.length);
        return new Levels(first, all);
    }

    /** Without those before a frame. */
    Levels since(long frame) {
        return frame <= first ? this : between(frame, end());
    }

    /** Those from a frame on up to behind another, as far as they are there. */
    Levels between(long from, long to) {
        long begin = Math.max(first, from);
        long behind = Math.min(end(), to);
        return behind <= begin
                ? NONE
                : new Levels(begin, Arrays.copyOfRange(values, (int) (begin - first), (int) (behind - first)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Levels levels && first == levels.first && Arrays.equals(values, levels.values);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(first) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "levels " + first + " to " + end();
    }
}
