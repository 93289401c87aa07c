package io.millrace.simulators.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a {@link FlowGenerator} shall make; immutable. The same scenario gives the same stream, byte for byte.
 *
 * @param seed seed of every random choice
 * @param hosts internal hosts, at least 10
 * @param flowsPerSecond records a second of stream time, on average
 * @param attacks kinds of attack to make; empty for benign traffic alone
 * @param attackShare part of the records that belong to attacks, in [0, 0.9]
 * @param drifts changes during the stream
 * @param exporter what the exporters report
 * @param startTime stream time of the beginning; the hour of day (UTC) steers who is at work
 * @param duration length of the stream in stream time; null for endless
 * @param limit number of records; {@link Long#MAX_VALUE} for endless
 * @param disorder longest time a record is held back behind its end time
 */
public record FlowScenario(
        long seed,
        int hosts,
        double flowsPerSecond,
        Set<AttackKind> attacks,
        double attackShare,
        List<FlowDrift> drifts,
        ExporterMode exporter,
        Instant startTime,
        Duration duration,
        long limit,
        Duration disorder) {

    /** Start used when none is given: a Monday morning. */
    public static final Instant DEFAULT_START = Instant.parse("2026-01-05T09:00:00Z");

    public FlowScenario {
        check(hosts >= 10 && hosts <= 500_000, "hosts must be in 10..500000: " + hosts);
        check(flowsPerSecond > 0 && flowsPerSecond <= 5e6, "rate must be in (0, 5000000]: " + flowsPerSecond);
        check(attackShare >= 0 && attackShare <= 0.9, "attack share must be in [0, 0.9]: " + attackShare);
        check(duration == null || !duration.isNegative(), "duration must not be negative: " + duration);
        check(limit >= 0, "count must not be negative: " + limit);
        check(!disorder.isNegative() && disorder.toMinutes() < 60, "disorder must be in [0, 1 h): " + disorder);
        attacks = Set.copyOf(attacks);
        drifts = List.copyOf(drifts);
    }

    /** Returns a builder with the defaults: seed 1, 100 flows a second, every attack kind at 3 %, biflow, endless. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a number of hosts that gives each a plausible rate at so many flows a second. */
    public static int hostsForRate(double flowsPerSecond) {
        return (int) Math.max(60, Math.min(50_000, flowsPerSecond * 4));
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Builder of scenarios. */
    public static final class Builder {
        private long seed = 1;
        private int hosts;
        private double flowsPerSecond = 100;
        private Set<AttackKind> attacks = Set.of(AttackKind.values());
        private double attackShare = 0.03;
        private List<FlowDrift> drifts = List.of();
        private ExporterMode exporter = ExporterMode.BIFLOW;
        private Instant startTime = DEFAULT_START;
        private Duration duration;
        private long limit = Long.MAX_VALUE;
        private Duration disorder = Duration.ofSeconds(1);

        private Builder() {}

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Number of internal hosts; chosen by the rate when 0 or not set. */
        public Builder hosts(int value) {
            hosts = value;
            return this;
        }

        public Builder flowsPerSecond(double value) {
            flowsPerSecond = value;
            return this;
        }

        public Builder attacks(Set<AttackKind> value) {
            attacks = value;
            return this;
        }

        public Builder attackShare(double value) {
            attackShare = value;
            return this;
        }

        public Builder drifts(List<FlowDrift> value) {
            drifts = value;
            return this;
        }

        public Builder exporter(ExporterMode value) {
            exporter = value;
            return this;
        }

        public Builder startTime(Instant value) {
            startTime = value;
            return this;
        }

        public Builder duration(Duration value) {
            duration = value;
            return this;
        }

        public Builder limit(long value) {
            limit = value;
            return this;
        }

        public Builder disorder(Duration value) {
            disorder = value;
            return this;
        }

        /**
         * Builds the scenario.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public FlowScenario build() {
            return new FlowScenario(
                    seed,
                    hosts != 0 ? hosts : hostsForRate(flowsPerSecond),
                    flowsPerSecond,
                    attacks,
                    attackShare,
                    drifts,
                    exporter,
                    startTime,
                    duration,
                    limit,
                    disorder);
        }
    }
}
