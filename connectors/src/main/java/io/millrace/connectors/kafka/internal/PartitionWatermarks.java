package io.millrace.connectors.kafka.internal;

import java.time.Clock;
import java.time.Duration;

import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.RecordOrigin;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watermarks of one partition: the latest event time less the disorder, and never a time to come. A record dated ahead
 * of the clock is waited for, it makes no other late.
 *
 * <p>A partition is idle, and holds the others back no longer, once it has been silent for a while <em>and</em> has
 * nothing left to read: after a restart on a busy machine a partition with a backlog may be silent for longer than that.
 * As soon as something has come for it, it holds the others back again, before the first of its records is passed on.
 * Which partition this is can be told from its first record only. Until then every partition of the source that has
 * not spoken counts.
 *
 * @param <T> type of the values
 */
public final class PartitionWatermarks<T extends SpecificRecord> implements WatermarkGenerator<Decoded<T>> {

    /** How long a silent partition is waited for at most, whatever its backlog: nothing stops a job for ever. */
    static final Duration LONGEST_HOLD = Duration.ofMinutes(10);

    private static final long NOT_BEHIND = Long.MIN_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(PartitionWatermarks.class);

    private final long disorderMillis;
    private final long idleAfterNanos;
    private final Clock clock;
    private final RelativeClock active;
    private final Backlog backlog;

    private TopicPartition partition;
    private long passedOn = -1;
    private long latest = Long.MIN_VALUE;
    private long silentSince;
    private long behindSince = NOT_BEHIND;
    private boolean idle;
    private boolean givenUp;

    /**
     * Creates the generator of a partition.
     *
     * @param active clock that stands still while the source is held back
     */
    public PartitionWatermarks(
            Duration disorder, Duration idleAfter, Clock clock, RelativeClock active, Backlog backlog) {
        this.disorderMillis = disorder.toMillis();
        this.idleAfterNanos = idleAfter.toNanos();
        this.clock = clock;
        this.active = active;
        this.backlog = backlog;
        this.silentSince = active.relativeTimeNanos();
    }

    @Override
    public void onEvent(Decoded<T> record, long timestamp, WatermarkOutput output) {
        RecordOrigin origin = record.origin();
        if (partition == null) {
            partition = new TopicPartition(origin.topic(), origin.partition());
            backlog.heard(partition);
        }
        // A dead letter has no time.
        latest = Math.max(latest, timestamp);
        passedOn = origin.offset();
        silentSince = active.relativeTimeNanos();
        behindSince = NOT_BEHIND;
        givenUp = false;
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        boolean wasIdle = idle;
        idle = isIdle();
        if (idle) {
            output.markIdle();
        } else if (latest != Long.MIN_VALUE) {
            output.emitWatermark(new Watermark(Math.min(latest, clock.millis()) - disorderMillis - 1));
        } else if (wasIdle) {
            output.markActive();
        }
    }

    private boolean isIdle() {
        long now = active.relativeTimeNanos();
        if (now - silentSince <= idleAfterNanos) {
            return false;
        }
        if (!isBehind()) {
            behindSince = NOT_BEHIND;
            return true;
        }
        if (behindSince == NOT_BEHIND) {
            behindSince = idle ? now : silentSince;
        }
        if (now - behindSince <= Math.max(idleAfterNanos, LONGEST_HOLD.toNanos())) {
            return false;
        }
        if (!givenUp) {
            givenUp = true;
            LOG.error(
                    "{} has given no record for {} though it may have some: it is waited for no longer, and what comes"
                            + " of it may be late",
                    partition == null ? "A partition" : partition,
                    LONGEST_HOLD);
        }
        return true;
    }

    private boolean isBehind() {
        return partition == null ? backlog.isUnheardBehind() : backlog.isBehind(partition, passedOn);
    }
}
