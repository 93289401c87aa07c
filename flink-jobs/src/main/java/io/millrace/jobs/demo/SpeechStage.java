package io.millrace.jobs.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.millrace.connectors.audio.live.SpeechServerSettings;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.SpeechConfiguration;
import io.millrace.jobs.local.LocalJob;
import io.millrace.jobs.speech.KafkaAudioSink;
import io.millrace.jobs.speech.KafkaTruthSink;
import io.millrace.jobs.speech.LiveSpeech;
import io.millrace.jobs.speech.SpeechRecognitionJob;
import io.millrace.models.speech.evaluation.WordErrors;
import io.millrace.schemas.Alert;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.TopicCatalogue;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.audio.Resampler;
import io.millrace.simulators.audio.RecordedDigits;
import io.millrace.simulators.audio.SpeechSource;

/** Calls in, transcripts and alerts out: the calls of a simulator, and live ones over WebSocket. */
public final class SpeechStage implements DemoStage {

    /**
     * What is heard.
     *
     * @param model model folder, or {@code default} for the one that ships
     * @param streams simulated calls at a time; 0 for none
     * @param seed seed of the simulator
     * @param listen where live callers connect; null for nowhere
     */
    public record Settings(String model, int streams, long seed, InetSocketAddress listen) {}

    /** A word that is among those of the recordings. */
    private static final String KEYWORD = "nine";

    private final Settings settings;
    private final SimulatedCalls calls;
    private final SpeechStatistics statistics;
    private final AtomicLong chunks = new AtomicLong();
    private DemoSite site;
    private Consumer<String> events;
    private LocalJob job;
    private Thread sender;
    private LiveSpeech live;

    /** Prepares. */
    public SpeechStage(Settings settings) {
        this.settings = settings;
        this.calls = new SimulatedCalls(settings.streams(), settings.seed());
        this.statistics = new SpeechStatistics(calls.prefix());
    }

    @Override
    public String name() {
        return "speech";
    }

    @Override
    public void start(DemoSite where, Consumer<String> lines) throws Exception {
        site = where;
        events = lines;
        JobConfiguration configuration = site.configuration(SpeechRecognitionJob.NAME, null, recognition());
        job = site.submit(configuration, new SpeechRecognitionJob(configuration));
        site.read(
                Transcript.class,
                TopicCatalogue.TRANSCRIPTS.name(),
                transcript -> statistics.transcript(transcript, Instant.now()).ifPresent(this::show));
        site.read(Alert.class, TopicCatalogue.SPEECH_ALERTS.name(), alert -> {
            if (statistics.alert(alert)) {
                events.accept(AlertLine.of(alert));
            }
        });
        site.read(DeadLetter.class, TopicCatalogue.SPEECH_DEAD_LETTERS.name(), letter -> statistics.deadLetter());
    }

    private SpeechConfiguration recognition() {
        return new SpeechConfiguration(
                null,
                settings.model(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(KEYWORD),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private void show(HeardStream heard) {
        events.accept(heard.line());
    }

    @Override
    public void awaitRunning() throws Exception {
        job.awaitRunning(DemoSite.START_LIMIT);
    }

    @Override
    public void feed() throws IOException {
        if (settings.listen() != null) {
            live = listen();
        }
        if (settings.streams() > 0) {
            SpeechSource speech = RecordedDigits.unpack(site.folder("digits"));
            sender = site.thread("demo calls", () -> sendCalls(speech));
        }
    }

    private LiveSpeech listen() throws IOException {
        try {
            return LiveSpeech.start(
                    SpeechServerSettings.on(settings.listen(), Resampler.rates()),
                    site.connection(),
                    TopicCatalogue.AUDIO.name(),
                    TopicCatalogue.TRANSCRIPTS.name());
        } catch (IOException failed) {
            throw new IOException("cannot listen on " + settings.listen() + ": " + failed.getMessage(), failed);
        }
    }

    private Void sendCalls(SpeechSource speech) throws IOException {
        try (KafkaAudioSink audio = new KafkaAudioSink(site.connection(), null);
                KafkaTruthSink truths = new KafkaTruthSink(site.connection(), null)) {
            calls.run(
                    speech,
                    chunk -> {
                        audio.accept(chunk);
                        chunks.incrementAndGet();
                    },
                    truth -> {
                        truths.accept(truth);
                        statistics.truth(truth).ifPresent(this::show);
                    });
        }
        return null;
    }

    @Override
    public List<String> introduction() {
        List<String> lines = new ArrayList<>();
        if (settings.streams() > 0) {
            lines.add("Simulated calls: " + settings.streams()
                    + " at a time, in which digits are read out; some chunks are lost on purpose.");
        }
        if (live != null) {
            lines.add("Live audio: ws://" + live.address().getHostString() + ":"
                    + live.address().getPort());
        }
        return lines;
    }

    @Override
    public String status() {
        WordErrors errors = statistics.errors();
        return String.format(
                Locale.ROOT,
                "audio chunks in %,d  streams heard %,d of %,d  words wrong %,d of %,d  alerts %,d  dead letters %,d"
                        + "  latency p50 %,d ms p99 %,d ms",
                chunksIn(),
                streamsHeard(),
                streamsSent(),
                errors.errors(),
                errors.words(),
                statistics.alerts(),
                statistics.deadLetters(),
                statistics.latencyMillis(50),
                statistics.latencyMillis(99));
    }

    private long chunksIn() {
        return chunks.get() + (live == null ? 0 : live.delivered());
    }

    private long streamsSent() {
        return statistics.sent() + (live == null ? 0 : live.ended());
    }

    private long streamsHeard() {
        return statistics.finished() + statistics.liveFinished();
    }

    @Override
    public String problem() throws Exception {
        return live != null && live.failure() != null ? live.failure().getMessage() : site.problem(job);
    }

    @Override
    public void endTraffic() throws InterruptedException {
        calls.stop();
        if (live != null) {
            live.close();
        }
        if (sender != null) {
            sender.join(DemoSite.LIMIT.toMillis());
        }
    }

    @Override
    public void finish() throws Exception {
        site.drain(job, SpeechRecognitionJob.NAME, TopicCatalogue.AUDIO.name());
        long deadline = System.nanoTime() + DemoSite.LIMIT.toNanos();
        while (streamsHeard() < streamsSent() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
    }

    @Override
    public List<String> summary() {
        WordErrors errors = statistics.errors();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "Audio in %,d chunks (%,d more lost on purpose), %,d streams; streams heard to their end %,d;"
                        + " utterances %,d; dead letters %,d; alerts %,d.",
                chunksIn(),
                statistics.lostOnPurpose(),
                streamsSent(),
                streamsHeard(),
                statistics.utterances(),
                statistics.deadLetters(),
                statistics.alerts()));
        lines.add(String.format(
                Locale.ROOT,
                "Latency from the last sample heard to the committed transcript: p50 %,d ms, p99 %,d ms.",
                statistics.latencyMillis(50),
                statistics.latencyMillis(99)));
        if (errors.words() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "Against what was said: %,d of %,d words wrong (%.1f %%); %,d streams cut short at the end are not"
                            + " counted.",
                    errors.errors(),
                    errors.words(),
                    100 * errors.rate(),
                    statistics.cut()));
        }
        return lines;
    }

    @Override
    public String shortfall() {
        if (streamsSent() == 0) {
            return "no audio came in";
        }
        if (streamsHeard() < streamsSent()) {
            return (streamsSent() - streamsHeard()) + " streams were not heard to their end";
        }
        return statistics.repeatedEnds() > 0 ? statistics.repeatedEnds() + " streams were answered twice" : null;
    }

    @Override
    public void close() {
        calls.stop();
        if (live != null) {
            live.close();
        }
    }
}
