package io.millrace.connectors.audio.live;

/**
 * Event times of audio that is taken while it is sent. The samples themselves tell the time from the first on, so that
 * the network's jitter does not; but never a time to come, as of a client that sends faster than it records, since that
 * would carry everybody's event time forward, and never one far gone, as of a client that rested. For one thread.
 */
final class LiveClock {
    /** How far the samples' time may be behind the clock. */
    private static final long MAX_LAG_MILLIS = 2000;

    private final int sampleRate;
    private boolean started;
    private long startMillis;
    private long last;

    LiveClock(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    /**
     * When the first of some samples was taken.
     *
     * @param offset samples before them
     * @param count samples that have just come
     * @param nowMillis the time, milliseconds since the epoch
     * @return milliseconds since the epoch, never less than before
     */
    long timeOf(long offset, int count, long nowMillis) {
        long latest = nowMillis - 1000L * count / sampleRate;
        long position = offset * 1000 / sampleRate;
        if (!started) {
            started = true;
            startMillis = latest - position;
        }
        long time = startMillis + position;
        if (time > latest || time < latest - MAX_LAG_MILLIS) {
            startMillis = latest - position;
            time = latest;
        }
        last = Math.max(last, time);
        return last;
    }
}
