package io.millrace.simulators.speech.stream;

/**
 * What a generator has made.
 *
 * @param streams streams begun
 * @param chunks chunks made, lost ones included
 * @param lost chunks lost
 * @param duplicated chunks sent twice
 * @param seconds length of the audio of all channels together
 */
public record AudioStatistics(long streams, long chunks, long lost, long duplicated, double seconds) {
    /** Nothing yet. */
    public static final AudioStatistics NONE = new AudioStatistics(0, 0, 0, 0, 0);

    /** Both together. */
    public AudioStatistics plus(AudioStatistics other) {
        return new AudioStatistics(
                streams + other.streams,
                chunks + other.chunks,
                lost + other.lost,
                duplicated + other.duplicated,
                seconds + other.seconds);
    }
}
