package io.millrace.jobs.speech;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import io.millrace.connectors.audio.live.SpeechServerSettings;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.jobs.command.ConnectionOptions;
import io.millrace.jobs.command.ListenAddress;
import io.millrace.jobs.command.StopSignal;
import io.millrace.jobs.kafka.Connection;
import io.millrace.schemas.SpeechTopics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace serve speech}: a WebSocket server between callers and the speech job. */
@Command(
        name = "speech",
        description =
                "Listens for live audio over WebSocket, writes it to Kafka and sends each client the transcript of"
                        + " its stream. The messages are those of Vosk's server.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "No encryption and no log-in: put a proxy that has both before it when it listens beyond this machine.",
            "Examples:",
            "  millrace serve speech --listen 127.0.0.1:2700 --bootstrap localhost:9092"
                    + " --registry http://localhost:8081"
        })
public final class ServeSpeechCommand implements Callable<Integer> {
    private static final long WATCH_MILLIS = 500;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:2700",
            description = "Address to listen on (default: ${DEFAULT-VALUE}); port 0 takes a free one.")
    private String listen;

    @Mixin
    private ConnectionOptions kafka;

    @Option(
            names = "--audio-topic",
            paramLabel = "TOPIC",
            description = "Topic for the audio (default: that of the catalogue).")
    private String audioTopic;

    @Option(
            names = "--transcript-topic",
            paramLabel = "TOPIC",
            description = "Topic of the transcripts (default: that of the catalogue).")
    private String transcriptTopic;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "200",
            description = "Clients at a time; further ones are refused with 503 (default: ${DEFAULT-VALUE}).")
    private int maxConnections;

    @Option(
            names = "--max-message",
            paramLabel = "BYTES",
            defaultValue = "1048576",
            description = "Longest message of a client (default: ${DEFAULT-VALUE}).")
    private int maxMessage;

    @Option(
            names = "--default-sample-rate",
            paramLabel = "HERTZ",
            defaultValue = "8000",
            description = "Rate of audio whose client says none (default: ${DEFAULT-VALUE}, as Vosk's server).")
    private int defaultSampleRate;

    @Option(
            names = "--chunk-ms",
            paramLabel = "MILLIS",
            defaultValue = "100",
            description = "Length of the chunks written, 10 to 1000 (default: ${DEFAULT-VALUE}).")
    private int chunkMillis;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long a client may send nothing (default: ${DEFAULT-VALUE}).")
    private Duration idleTimeout;

    @Option(
            names = "--audiosocket",
            paramLabel = "HOST:PORT",
            description = "Also take calls by Asterisk's AudioSocket there (default: none).")
    private String audioSocket;

    @Option(
            names = "--result-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long the next result is waited for after the audio's end (default: ${DEFAULT-VALUE}).")
    private Duration resultTimeout;

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "Web pages that may connect, as https://example.org; may be repeated (default: none).")
    private List<String> origins = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        SpeechServerSettings settings = settings();
        InetSocketAddress calls = audioSocket == null ? null : ListenAddress.parse(audioSocket, "--audiosocket", spec);
        Connection connection = kafka.connection(spec);
        makeTopics(connection);
        PrintWriter log = spec.commandLine().getErr();
        LiveSpeech live;
        try {
            live = LiveSpeech.start(
                    settings,
                    connection,
                    audioTopic == null ? SpeechTopics.AUDIO : SpeechTopics.AUDIO.withName(audioTopic),
                    transcriptTopic == null
                            ? SpeechTopics.TRANSCRIPTS
                            : SpeechTopics.TRANSCRIPTS.withName(transcriptTopic));
        } catch (IOException e) {
            log.println("cannot listen on " + listen + ": " + e.getMessage());
            log.flush();
            return 1;
        }
        try (StopSignal stop = StopSignal.onShutdown()) {
            if (calls != null) {
                InetSocketAddress bound = live.listenForCalls(calls);
                log.println("listening for AudioSocket calls on " + bound.getHostString() + ":" + bound.getPort());
            }
            serve(live, stop, log);
        } catch (IOException e) {
            live.close();
            log.println("cannot listen on " + audioSocket + ": " + e.getMessage());
            return 1;
        } finally {
            log.flush();
        }
        return 0;
    }

    private static void serve(LiveSpeech live, StopSignal stop, PrintWriter log) throws InterruptedException {
        try (live) {
            InetSocketAddress bound = live.address();
            log.println("listening on ws://" + bound.getHostString() + ":" + bound.getPort());
            if (!bound.getAddress().isLoopbackAddress()) {
                log.println("note: whoever reaches this address may connect, and what they send is not encrypted");
            }
            log.flush();
            while (live.failure() == null && !stop.await(WATCH_MILLIS)) {
                // until the process is to end or the transcripts fail
            }
        }
        log.println("passed on " + live.delivered() + " chunks");
        if (live.failure() != null) {
            throw live.failure();
        }
    }

    /** The settings that the options describe. */
    SpeechServerSettings settings() {
        InetSocketAddress address = ListenAddress.parse(listen, "--listen", spec);
        try {
            SpeechServerSettings standard = SpeechServerSettings.on(address);
            return standard.withDefaultSampleRate(defaultSampleRate)
                    .withMaxConnections(maxConnections)
                    .withMaxMessageBytes(maxMessage)
                    .withChunkMillis(chunkMillis)
                    .withAllowedOrigins(Set.copyOf(origins))
                    .withTimeouts(idleTimeout, standard.pingInterval(), resultTimeout);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void makeTopics(Connection connection) {
        try (TopicAdmin admin =
                new TopicAdmin(connection.bootstrap(), Duration.ofSeconds(20), connection.properties())) {
            if (audioTopic == null) {
                admin.ensure(List.of(SpeechTopics.AUDIO));
            }
            if (transcriptTopic == null) {
                admin.ensure(List.of(SpeechTopics.TRANSCRIPTS));
            }
        }
    }
}
