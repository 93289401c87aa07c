package io.millrace.jobs.speech;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.millrace.jobs.command.Instants;
import io.millrace.jobs.config.Durations;
import io.millrace.schemas.AudioEncoding;
import io.millrace.simulators.speech.stream.AudioScenario;
import picocli.CommandLine.Option;

/** What simulated audio is to be like. */
final class AudioScenarioOptions {
    @Option(
            names = "--streams",
            paramLabel = "N",
            defaultValue = "10",
            description = "Streams at a time; after each that ends another begins (default ${DEFAULT-VALUE}).")
    private int streams;

    @Option(names = "--count", paramLabel = "N", description = "Streams to make (default: endless).")
    private Long count;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "Stream time in which streams begin, for example 60s; they come to their end"
                    + " (default: endless).")
    private String duration;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Seed; the same seed, speech, start and options give the same chunks (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--start",
            paramLabel = "INSTANT",
            description = "Stream time of the beginning (default: now; with --fast 2026-01-05T09:00:00Z).")
    private String start;

    @Option(
            names = "--stagger",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "Time over which beginnings are spread (default ${DEFAULT-VALUE}).")
    private String stagger;

    @Option(
            names = "--utterances",
            paramLabel = "N",
            defaultValue = "3",
            description = "Most utterances of a channel; each stream has 1 to N (default ${DEFAULT-VALUE}).")
    private int utterances;

    @Option(
            names = "--pause",
            paramLabel = "SHORTEST,LONGEST",
            split = ",",
            defaultValue = "300ms,1500ms",
            description = "Pause before, between and after utterances (default ${DEFAULT-VALUE}).")
    private List<String> pauses;

    @Option(
            names = "--rates",
            paramLabel = "HZ",
            split = ",",
            defaultValue = "8000,16000,44100",
            description = "Sample rates to choose from (default ${DEFAULT-VALUE}).")
    private List<Integer> rates;

    @Option(
            names = "--encodings",
            paramLabel = "ENCODING",
            split = ",",
            defaultValue = "PCM_S16LE,PCM_F32LE,MULAW",
            description = "Encodings to choose from (default ${DEFAULT-VALUE}).")
    private List<AudioEncoding> encodings;

    @Option(
            names = "--chunk-ms",
            paramLabel = "MILLIS",
            split = ",",
            defaultValue = "20,60,100,250",
            description = "Chunk lengths to choose from (default ${DEFAULT-VALUE}).")
    private List<Integer> chunkMillis;

    @Option(
            names = "--stereo",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Part of the streams that have two channels (default ${DEFAULT-VALUE}).")
    private double stereo;

    @Option(
            names = "--noise-db",
            paramLabel = "DB",
            description = "Level of the speech above added noise (default: no noise).")
    private Double noiseDb;

    @Option(
            names = "--loss",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Part of the chunks that are lost; the last of a channel never is (default ${DEFAULT-VALUE}).")
    private double loss;

    @Option(
            names = "--duplicates",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "Part of the chunks that come twice (default ${DEFAULT-VALUE}).")
    private double duplicates;

    @Option(
            names = "--jitter",
            paramLabel = "TIME",
            defaultValue = "0ms",
            description = "Longest delay of a chunk; beyond a chunk's length it changes the order"
                    + " (default ${DEFAULT-VALUE}).")
    private String jitter;

    @Option(
            names = "--id-prefix",
            paramLabel = "TEXT",
            description = "Beginning of the streams' identifiers (default: sim-SEED).")
    private String idPrefix;

    /**
     * The scenario.
     *
     * @param otherwise stream time of the beginning where none is given
     * @throws IllegalArgumentException if an option is wrong; the message says which
     */
    AudioScenario scenario(Instant otherwise) {
        if (pauses.size() != 2) {
            throw new IllegalArgumentException("--pause takes two durations, as in 300ms,1500ms");
        }
        AudioScenario.Builder builder = AudioScenario.builder()
                .seed(seed)
                .startTime(start == null ? otherwise : Instants.parse(start))
                .streams(streams)
                .stagger(duration(stagger))
                .utterances(utterances)
                .pauses(duration(pauses.get(0)), duration(pauses.get(1)))
                .sampleRates(rates)
                .encodings(encodings)
                .chunkMillis(chunkMillis)
                .stereoShare(stereo)
                .noiseDb(noiseDb)
                .line(new AudioScenario.Line(loss, duplicates, duration(jitter)))
                .idPrefix(idPrefix);
        if (count != null) {
            builder.limit(count);
        }
        if (duration != null) {
            builder.duration(duration(duration));
        }
        return builder.build();
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
