package io.millrace.simulators.speech.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.audio.AudioSamples;

/**
 * What audio to simulate. The same scenario and speech give the same chunks, byte for byte.
 *
 * @param seed seed of everything random
 * @param startTime stream time of the beginning
 * @param streams streams at a time, 1 to 100000; after each that ends another begins
 * @param limit streams to make, at least 1
 * @param duration stream time in which streams begin; those that have begun come to their end. Null for endless
 * @param stagger time over which the first streams' beginnings are spread, and longest rest before a next one
 * @param utterances most utterances of a channel, 1 to 10000; each stream has one to so many
 * @param shortestPause shortest pause before an utterance and after the last
 * @param longestPause longest pause
 * @param sampleRates rates to choose from for each stream, samples a second, 4000 to 192000
 * @param encodings encodings to choose from for each stream
 * @param chunkMillis chunk lengths to choose from for each stream, milliseconds, 1 to 60000
 * @param stereoShare part of the streams that have two channels, each with a speaker of its own
 * @param noiseDb level of the speech above added noise, decibels; null for no noise
 * @param line what happens on the way
 * @param idPrefix beginning of the streams' identifiers; a number follows
 */
public record AudioScenario(
        long seed,
        Instant startTime,
        int streams,
        long limit,
        Duration duration,
        Duration stagger,
        int utterances,
        Duration shortestPause,
        Duration longestPause,
        List<Integer> sampleRates,
        List<AudioEncoding> encodings,
        List<Integer> chunkMillis,
        double stereoShare,
        Double noiseDb,
        Line line,
        String idPrefix) {
    /** Stream time of the beginning where nothing else is said: a Monday morning. */
    public static final Instant DEFAULT_START = Instant.parse("2026-01-05T09:00:00Z");

    /**
     * What happens to chunks on their way. The chunk that ends a channel is never lost, as the end of a call is signalled
     * reliably, but it may be late or come twice.
     *
     * @param loss part of the chunks that are lost, 0 to below 1
     * @param duplicates part of the chunks that come twice, 0 to 1
     * @param jitter longest delay of a chunk behind its last sample; most are far shorter
     */
    public record Line(double loss, double duplicates, Duration jitter) {
        /** Nothing lost, nothing twice, no delay. */
        public static final Line PERFECT = new Line(0, 0, Duration.ZERO);

        public Line {
            require(loss >= 0 && loss < 1, "loss must be from 0 to below 1: " + loss);
            require(duplicates >= 0 && duplicates <= 1, "duplicates must be from 0 to 1: " + duplicates);
            require(!jitter.isNegative() && jitter.toHours() < 1, "jitter must be from 0 to an hour: " + jitter);
        }
    }

    public AudioScenario {
        require(streams >= 1 && streams <= 100_000, "streams must be 1 to 100000: " + streams);
        require(limit >= 1, "the number of streams must be 1 or more: " + limit);
        require(duration == null || !duration.isNegative() && !duration.isZero(), "duration must be positive");
        require(!stagger.isNegative(), "stagger must not be negative: " + stagger);
        require(utterances >= 1 && utterances <= 10_000, "utterances must be 1 to 10000: " + utterances);
        require(
                !shortestPause.isNegative() && longestPause.compareTo(shortestPause) >= 0,
                "pauses must be 0 or longer, and the longest no shorter than the shortest");
        sampleRates = nonEmpty(sampleRates, "rate");
        encodings = nonEmpty(encodings, "encoding");
        chunkMillis = nonEmpty(chunkMillis, "chunk length");
        sampleRates.forEach(rate -> require(rate >= 4000 && rate <= 192_000, "no rate for speech: " + rate));
        encodings.forEach(AudioSamples::bytesPerSample);
        chunkMillis.forEach(millis ->
                require(millis >= 1 && millis <= 60_000, "chunks must be of 1 to 60000 ms, not of " + millis));
        require(stereoShare >= 0 && stereoShare <= 1, "the share of stereo must be from 0 to 1: " + stereoShare);
        require(
                noiseDb == null || noiseDb >= -40 && noiseDb <= 100,
                "speech must be -40 to 100 dB above the noise: " + noiseDb);
        require(!idPrefix.isBlank(), "streams need an identifier");
    }

    private static <T> List<T> nonEmpty(List<T> choices, String what) {
        require(!choices.isEmpty(), "name at least one " + what);
        return List.copyOf(choices);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** A scenario to change: ten streams at a time, endless, of one channel, without noise, over a perfect line. */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of a scenario, each as the record describes it. */
    public static final class Builder {
        private long seed = 1;
        private Instant startTime = DEFAULT_START;
        private int streams = 10;
        private long limit = Long.MAX_VALUE;
        private Duration duration;
        private Duration stagger = Duration.ofSeconds(5);
        private int utterances = 3;
        private Duration shortestPause = Duration.ofMillis(300);
        private Duration longestPause = Duration.ofMillis(1500);
        private List<Integer> sampleRates = List.of(8000, 16_000, 44_100);
        private List<AudioEncoding> encodings =
                List.of(AudioEncoding.PCM_S16LE, AudioEncoding.PCM_F32LE, AudioEncoding.MULAW);
        private List<Integer> chunkMillis = List.of(20, 60, 100, 250);
        private double stereoShare;
        private Double noiseDb;
        private Line line = Line.PERFECT;
        private String idPrefix;

        private Builder() {}

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder startTime(Instant value) {
            startTime = value;
            return this;
        }

        public Builder streams(int value) {
            streams = value;
            return this;
        }

        public Builder limit(long value) {
            limit = value;
            return this;
        }

        public Builder duration(Duration value) {
            duration = value;
            return this;
        }

        public Builder stagger(Duration value) {
            stagger = value;
            return this;
        }

        public Builder utterances(int value) {
            utterances = value;
            return this;
        }

        public Builder pauses(Duration shortest, Duration longest) {
            shortestPause = shortest;
            longestPause = longest;
            return this;
        }

        public Builder sampleRates(List<Integer> value) {
            sampleRates = value;
            return this;
        }

        public Builder encodings(List<AudioEncoding> value) {
            encodings = value;
            return this;
        }

        public Builder chunkMillis(List<Integer> value) {
            chunkMillis = value;
            return this;
        }

        public Builder stereoShare(double value) {
            stereoShare = value;
            return this;
        }

        public Builder noiseDb(Double value) {
            noiseDb = value;
            return this;
        }

        public Builder line(Line value) {
            line = value;
            return this;
        }

        /** Beginning of the identifiers; {@code sim-SEED} if none is given. */
        public Builder idPrefix(String value) {
            idPrefix = value;
            return this;
        }

        /**
         * The scenario.
         *
         * @throws IllegalArgumentException if a figure is out of range; the message says which
         */
        public AudioScenario build() {
            return new AudioScenario(
                    seed,
                    startTime,
                    streams,
                    limit,
                    duration,
                    stagger,
                    utterances,
                    shortestPause,
                    longestPause,
                    sampleRates,
                    encodings,
                    chunkMillis,
                    stereoShare,
                    noiseDb,
                    line,
                    idPrefix == null ? "sim-" + seed : idPrefix);
        }
    }
}
