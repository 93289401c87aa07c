package io.millrace.it;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.jobs.cli.Millrace;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTopics;
import io.millrace.schemas.Topic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The command, a broker and a registry: what was in the file is in the topic, in order. */
@ExtendWith(LocalInfrastructure.class)
class CollectAudioIT {
    private static final int SAMPLES = 10_000;

    private final LocalInfrastructure local = new LocalInfrastructure();

    @Test
    void aFileArrivesChunkByChunk(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("ramp.wav"), ramp());
        Topic<AudioChunk> topic = local.freshTopic(SpeechTopics.AUDIO);
        StringWriter log = new StringWriter();
        long start = System.nanoTime();
        int code = Millrace.commandLine()
                .setErr(new PrintWriter(log, true))
                .execute(Stream.concat(
                                Stream.of("collect"),
                                Stream.of(
                                        "audio",
                                        "--file=" + file,
                                        "--stream=ramp",
                                        "--chunk-ms=80",
                                        "--realtime",
                                        "--start=2026-01-05T09:00:00Z",
                                        "--bootstrap=" + local.bootstrap(),
                                        "--registry="
                                                + local.registryConfig().urls().get(0),
                                        "--topic=" + topic.name()))
                        .toArray(String[]::new));
        assertThat(code).as(log.toString()).isZero();
        assertThat(System.nanoTime() - start).isGreaterThan(SAMPLES * 1_000_000_000L / 16_000);
        assertThat(log.toString()).contains("sent 8 chunks, 0.625 s of stream ramp");

        List<AudioChunk> chunks = read(topic);
        assertThat(chunks).extracting(AudioChunk::getSequence).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(chunks.get(7).getEventTime()).isEqualTo("2026-01-05T09:00:00.560Z");
        int sample = 0;
        for (AudioChunk chunk : chunks) {
            assertThat(chunk.getSampleOffset()).isEqualTo(sample);
            ByteBuffer data = chunk.getData().order(ByteOrder.LITTLE_ENDIAN);
            while (data.hasRemaining()) {
                assertThat(data.getShort()).isEqualTo((short) sample++);
            }
            assertThat(chunk.getEndOfStream()).isEqualTo(sample == SAMPLES);
        }
        assertThat(sample).isEqualTo(SAMPLES);
    }

    @Test
    void whenItIsStoppedTheStreamIsEnded(@TempDir Path folder) throws Exception {
        Topic<AudioChunk> topic = local.freshTopic(SpeechTopics.AUDIO);
        try (CommandProcess command = CommandProcess.start(
                folder,
                "collect",
                "audio",
                "--stdin",
                "--stream=pipe",
                "--bootstrap=" + local.bootstrap(),
                "--registry=" + local.registryConfig().urls().get(0),
                "--topic=" + topic.name())) {
            // Less than the header says, and the pipe stays open: the command waits for more.
            command.input().write(ramp(), 0, 44 + 2 * 8000);
            command.input().flush();
            command.awaitLine("reading WAV");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> read(topic).size() >= 4);
            command.terminate();
            assertThat(command.awaitLine("sent ")).isEqualTo("sent 5 chunks, 0.500 s of stream pipe");
        }
        List<AudioChunk> chunks = read(topic);
        assertThat(chunks).extracting(AudioChunk::getEndOfStream).containsExactly(false, false, false, false, true);
        assertThat(chunks.stream()
                        .mapToInt(chunk -> chunk.getData().remaining())
                        .sum())
                .isEqualTo(2 * 8000);
    }

    private List<AudioChunk> read(Topic<AudioChunk> topic) {
        try (AvroTopicReader<AudioChunk> reader = new AvroTopicReader<>(
                AudioChunk.class,
                topic.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of())) {
            return reader.readToEnd().stream().map(Decoded::value).toList();
        }
    }

    private static byte[] ramp() {
        ByteBuffer wav = ByteBuffer.allocate(44 + 2 * SAMPLES).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + 2 * SAMPLES).put(ascii("WAVEfmt ")).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
        wav.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(2 * SAMPLES);
        for (int i = 0; i < SAMPLES; i++) {
            wav.putShort((short) i);
        }
        return wav.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
