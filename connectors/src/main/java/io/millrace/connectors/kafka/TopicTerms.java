package io.millrace.connectors.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/**
 * What a topic takes: a record that is larger, or dated outside the span, is refused by the broker for ever.
 *
 * @param recordBytes bytes of a record at most, its batch included
 * @param recordersTimes whether records keep the times that senders give them ({@code CreateTime}); otherwise any time
 *     is taken and replaced by that of arrival
 * @param before how long ago a record may be dated
 */
public record TopicTerms(int recordBytes, boolean recordersTimes, Duration before) {
    /** What a broker takes that nobody has configured otherwise. */
    public static final TopicTerms USUAL = new TopicTerms(1_048_588, true, Duration.ofMillis(Long.MAX_VALUE));

    /** Bytes of a record's batch and its own header, at most. */
    private static final int OVERHEAD = 128;

    /** The terms that a topic's settings make; a setting that is missing has the broker's default. */
    static TopicTerms of(Function<String, String> setting) {
        return new TopicTerms(
                (int) number(setting.apply("max.message.bytes"), USUAL.recordBytes),
                !"LogAppendTime".equals(setting.apply("message.timestamp.type")),
                Duration.ofMillis(number(setting.apply("message.timestamp.before.max.ms"), Long.MAX_VALUE)));
    }

    private static long number(String text, long otherwise) {
        return text == null ? otherwise : Long.parseLong(text);
    }

    /** The same for a producer of these settings, which may send less. */
    public TopicTerms sentWith(Map<?, ?> producer) {
        Object longest = producer.get("max.request.size");
        int bytes = longest == null
                ? 1 << 20
                : Integer.parseInt(String.valueOf(longest).strip());
        return new TopicTerms(Math.min(recordBytes, bytes), recordersTimes, before);
    }

    /** Bytes of key and value together at most. */
    public int contentBytes() {
        return Math.max(0, recordBytes - OVERHEAD);
    }

    /** Whether a record of this key and value, either of which may be null, is taken. */
    public boolean fits(byte[] key, byte[] value) {
        return (long) length(key) + length(value) <= contentBytes();
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /**
     * The time to send with a record. An event may be dated at any time; its record may not lie ahead of the clock, before
     * 1970 or further back than the topic takes, and bears the nearest time that it may.
     *
     * @param time event time, milliseconds since the epoch, or null
     * @param now wall clock, milliseconds since the epoch
     * @return the time, or null to leave it to the producer
     */
    public Long timeOf(Long time, long now) {
        if (time == null || time < 0 || time > now) {
            return null;
        }
        // A record on its way grows older: an hour, or a tenth of what is allowed, is left for that.
        long span = before.toMillis();
        long oldest = span >= now ? 0 : now - span + Math.min(3_600_000L, span / 10);
        return recordersTimes ? Long.valueOf(Math.max(time, oldest)) : time;
    }
}
