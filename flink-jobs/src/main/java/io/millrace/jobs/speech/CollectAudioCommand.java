package io.millrace.jobs.speech;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

import io.millrace.connectors.audio.AudioChunker;
import io.millrace.connectors.audio.AudioFormat;
import io.millrace.connectors.audio.AudioOptions;
import io.millrace.connectors.audio.AudioReader;
import io.millrace.connectors.audio.ChannelChoice;
import io.millrace.connectors.media.MediaFormatException;
import io.millrace.jobs.command.ConnectionOptions;
import io.millrace.jobs.command.Instants;
import io.millrace.jobs.command.StopSignal;
import io.millrace.jobs.command.StoppableInput;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.kafka.TopicPublisher;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.SpeechTopics;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace collect audio}: sends a file or standard input to Kafka in chunks. */
@Command(
        name = "audio",
        description =
                "Reads sound of every usual format and writes it to Kafka in chunks, each channel by itself unless --channel"
                        + " says otherwise. What is damaged is passed over; the exit code then is 1.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace collect audio --file call.wav --stream call-17 --realtime --bootstrap localhost:9092"
                    + " --registry http://localhost:8081"
        })
public final class CollectAudioCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Input input;

    static final class Input {
        @Option(names = "--file", paramLabel = "FILE", description = "File to read.")
        private Path file;

        @Option(names = "--stdin", description = "Read standard input, while it is written.")
        private boolean standardInput;
    }

    @Option(names = "--stream", required = true, paramLabel = "ID", description = "Identifier of the stream.")
    private String stream;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description = "When the first sample was taken, for example 2026-01-05T09:00:00Z (default: now).")
    private String start;

    @Option(names = "--realtime", description = "Send each chunk when its last sample would have been taken.")
    private boolean realtime;

    @Option(
            names = "--chunk-ms",
            paramLabel = "MILLIS",
            defaultValue = "100",
            description = "Length of a chunk, 1 to 60000 (default: ${DEFAULT-VALUE}).")
    private int chunkMillis;

    @Option(
            names = "--encoding",
            paramLabel = "ENCODING",
            defaultValue = "PCM_S16LE",
            description = "How samples are sent: PCM_S16LE, PCM_F32LE or MULAW (default: ${DEFAULT-VALUE}).")
    private AudioEncoding encoding;

    @Mixin
    private AudioInputOptions audio;

    @Mixin
    private ConnectionOptions kafka;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description = "Topic to write to (default: that of the catalogue).")
    private String topic;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (input.file != null && (!Files.isRegularFile(input.file) || !Files.isReadable(input.file))) {
            throw new ParameterException(
                    spec.commandLine(), "--file " + input.file + " is not a file that can be read");
        }
        AudioChunker.Settings settings;
        AudioOptions options;
        try {
            options = audio.options(ChannelChoice.EACH, input.file == null);
            Instant first = start == null ? Instant.now() : Instants.parse(start);
            settings = new AudioChunker.Settings(stream, first, chunkMillis, encoding);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        Connection connection = kafka.connection(spec);
        PrintWriter log = spec.commandLine().getErr();
        try (StopSignal stop = StopSignal.onShutdown();
                AudioReader reader = open(options, stop)) {
            send(reader, settings, connection, stop, log);
            if (stop.asked()) {
                return 0; // an input that was cut is not at fault for being short
            }
            AudioInputOptions.remarks(reader).forEach(remark -> log.println(name() + ": " + remark));
            return reader.damage().count() == 0 ? 0 : 1;
        } catch (IOException e) {
            log.println(name() + ": " + e.getMessage());
            return 1;
        } finally {
            log.flush();
        }
    }

    private String name() {
        return input.file == null ? "standard input" : input.file.toString();
    }

    private AudioReader open(AudioOptions options, StopSignal stop) throws IOException {
        return input.file == null
                ? AudioReader.open(new StoppableInput(System.in, stop::asked), options)
                : AudioReader.open(input.file, options);
    }

    private void send(
            AudioReader reader, AudioChunker.Settings settings, Connection connection, StopSignal stop, PrintWriter log)
            throws IOException, InterruptedException {
        AudioFormat format = reader.format();
        AudioChunker chunker = new AudioChunker(reader, settings);
        log.println("reading " + format);
        log.flush();
        Instant began = Instant.now();
        try (TopicPublisher<AudioChunk> sink = TopicPublisher.open(SpeechTopics.AUDIO, topic, connection)) {
            try {
                for (List<AudioChunk> chunks = chunker.next(); !chunks.isEmpty(); chunks = chunker.next()) {
                    if (realtime) {
                        Instant due = began.plusMillis(chunker.samples() * 1000 / format.sampleRate());
                        stop.await(Duration.between(Instant.now(), due).toMillis());
                    }
                    if (start == null) {
                        // A file is read faster than it was spoken: no time to come, which a job would not believe.
                        Instant now = Instant.now();
                        chunks.stream()
                                .filter(chunk -> chunk.getEventTime().isAfter(now))
                                .forEach(chunk -> chunk.setEventTime(now));
                    }
                    chunks.forEach(sink::accept);
                    if (stop.asked()) {
                        chunker.cut();
                    }
                }
            } catch (MediaFormatException e) {
                if (!stop.asked()) {
                    throw e;
                }
            } finally {
                sink.close();
                log.printf(
                        "sent %d chunks, %.3f s of stream %s%n",
                        sink.delivered(), (double) chunker.samples() / format.sampleRate(), stream);
                log.flush();
            }
        }
    }
}
