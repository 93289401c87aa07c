package io.millrace.jobs.speech;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.millrace.connectors.audio.live.SpeechServerSettings;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.demo.AlertLine;
import io.millrace.jobs.demo.DemoSite;
import io.millrace.jobs.demo.DemoStage;
import io.millrace.jobs.kafka.TopicPublisher;
import io.millrace.jobs.local.LocalJob;
import io.millrace.jobs.stage.StageJob;
import io.millrace.models.speech.evaluation.WordErrors;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTopics;
import io.millrace.schemas.SpeechTruth;
import io.millrace.simulators.speech.stream.RecordedDigits;
import io.millrace.simulators.speech.stream.SpeechSource;

/** Calls in, transcripts and alerts out: the calls of a simulator, and live ones over WebSocket. */
final class SpeechDemo implements DemoStage {

    /**
     * What is heard.
     *
     * @param model model folder, or {@code default} for the one that ships
     * @param streams simulated calls at a time; 0 for none
     * @param seed seed of the simulator
     * @param listen where live callers connect; null for nowhere
     */
    record Settings(String model, int streams, long seed, InetSocketAddress listen) {}

    /** A word that is among those of the recordings. */
    private static final String KEYWORD = "nine";

    private final Settings settings;
    private final SimulatedCalls calls;
    private final SpeechStatistics statistics;
    private final AtomicLong chunks = new AtomicLong();
    private DemoSite site;
    private Consumer<String> events;
    private String group;
    private LocalJob job;
    private Thread sender;
    private LiveSpeech live;

    /** Prepares. */
    SpeechDemo(Settings settings) {
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
        StageJob<SpeechConfiguration> speech =
                new StageJob<>(new SpeechStage(), site.configuration().with(SpeechStage.NAME, recognition()));
        group = speech.configuration().name();
        job = site.submit(speech.configuration(), speech);
        site.read(
                SpeechTopics.TRANSCRIPTS,
                transcript -> statistics.transcript(transcript, Instant.now()).ifPresent(this::show));
        site.read(SpeechTopics.ALERTS, alert -> {
            if (statistics.alert(alert)) {
                events.accept(AlertLine.of(alert));
            }
        });
        site.read(SpeechTopics.DEAD_LETTERS, letter -> statistics.deadLetter());
    }

    private SpeechConfiguration recognition() {
        return ConfigurationReader.of(
                SpeechConfiguration.class, Map.of("model", settings.model(), "keywords", List.of(KEYWORD)));
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
                    SpeechServerSettings.on(settings.listen()),
                    site.connection(),
                    SpeechTopics.AUDIO,
                    SpeechTopics.TRANSCRIPTS);
        } catch (IOException failed) {
            throw new IOException("cannot listen on " + settings.listen() + ": " + failed.getMessage(), failed);
        }
    }

    private Void sendCalls(SpeechSource speech) throws IOException {
        try (TopicPublisher<AudioChunk> audio = TopicPublisher.open(SpeechTopics.AUDIO, null, site.connection());
                TopicPublisher<SpeechTruth> truths = TopicPublisher.open(SpeechTopics.TRUTH, null, site.connection())) {
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
        site.drain(job, group, SpeechTopics.AUDIO);
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
