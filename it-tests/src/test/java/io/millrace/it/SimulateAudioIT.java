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
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.jobs.cli.Millrace;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTopics;
import io.millrace.schemas.SpeechTruth;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The command, a broker and a registry: what the truth says is what the topic has, lost chunks aside. */
@ExtendWith(LocalInfrastructure.class)
class SimulateAudioIT {
    private final LocalInfrastructure local = new LocalInfrastructure();

    @Test
    void chunksAndTruthArriveAndAgree(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("hum.wav"), hum());
        Path manifest = Files.writeString(
                folder.resolve("manifest.jsonl"), "{\"audio_filepath\":\"hum.wav\",\"text\":\"a low hum\"}\n");
        Topic<AudioChunk> audio = local.freshTopic(SpeechTopics.AUDIO);
        Topic<SpeechTruth> truth = local.freshTopic(SpeechTopics.TRUTH);
        StringWriter log = new StringWriter();
        int code = Millrace.commandLine()
                .setErr(new PrintWriter(log, true))
                .execute(Stream.concat(
                                Stream.of("simulate"),
                                Stream.of(
                                        "audio",
                                        "--manifest=" + manifest,
                                        "--streams=8",
                                        "--count=12",
                                        "--speed=20",
                                        "--loss=0.1",
                                        "--duplicates=0.1",
                                        "--jitter=300ms",
                                        "--stereo=0.5",
                                        "--bootstrap=" + local.bootstrap(),
                                        "--registry="
                                                + local.registryConfig().urls().get(0),
                                        "--topic=" + audio.name(),
                                        "--truth-topic=" + truth.name()))
                        .toArray(String[]::new));
        assertThat(code).as(log.toString()).isZero();
        assertThat(log.toString()).startsWith("12 streams, ");

        List<SpeechTruth> truths = read(SpeechTruth.class, truth);
        assertThat(truths).extracting(SpeechTruth::getStreamId).contains("sim-1-0", "sim-1-11");
        Map<String, Map<Long, Long>> arrived = read(AudioChunk.class, audio).stream()
                .collect(Collectors.groupingBy(
                        chunk -> chunk.getStreamId() + "/" + chunk.getChannel(),
                        Collectors.groupingBy(AudioChunk::getSequence, TreeMap::new, Collectors.counting())));
        assertThat(arrived).hasSize(truths.size());
        for (SpeechTruth each : truths) {
            Map<Long, Long> times = arrived.get(each.getStreamId() + "/" + each.getChannel());
            assertThat(times)
                    .hasSize((int) each.getChunkCount() - each.getLost().size());
            assertThat(times.values().stream().filter(count -> count == 2))
                    .hasSize(each.getDuplicated().size());
            assertThat(each.getUtterances())
                    .isNotEmpty()
                    .allSatisfy(utterance -> assertThat(utterance.getText()).isEqualTo("a low hum"));
        }
        assertThat(truths).anySatisfy(each -> assertThat(each.getLost()).isNotEmpty());
    }

    @Test
    void whenItIsStoppedEveryStreamIsEnded(@TempDir Path folder) throws Exception {
        Files.write(folder.resolve("hum.wav"), hum());
        Path manifest = Files.writeString(
                folder.resolve("manifest.jsonl"), "{\"audio_filepath\":\"hum.wav\",\"text\":\"a low hum\"}\n");
        Topic<AudioChunk> audio = local.freshTopic(SpeechTopics.AUDIO);
        Topic<SpeechTruth> truth = local.freshTopic(SpeechTopics.TRUTH);
        try (CommandProcess command = CommandProcess.start(
                folder,
                "simulate",
                "audio",
                "--manifest=" + manifest,
                "--streams=5",
                "--stagger=500ms",
                "--utterances=1000",
                "--bootstrap=" + local.bootstrap(),
                "--registry=" + local.registryConfig().urls().get(0),
                "--topic=" + audio.name(),
                "--truth-topic=" + truth.name())) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> read(AudioChunk.class, audio).stream()
                                    .map(AudioChunk::getStreamId)
                                    .distinct()
                                    .count()
                            == 5);
            command.terminate();
            assertThat(command.awaitLine("5 streams, ")).contains("(0 lost, 0 twice)");
        }
        assertThat(read(AudioChunk.class, audio))
                .filteredOn(AudioChunk::getEndOfStream)
                .hasSize(5);
        assertThat(read(SpeechTruth.class, truth)).hasSize(5).allMatch(SpeechTruth::getCut);
    }

    private <T extends SpecificRecord> List<T> read(Class<T> type, Topic<T> topic) {
        try (AvroTopicReader<T> reader = new AvroTopicReader<>(
                type,
                topic.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of())) {
            return reader.readToEnd().stream().map(Decoded::value).toList();
        }
    }

    /** A second of 16 bits at 8 kHz. */
    private static byte[] hum() {
        int samples = 8000;
        ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + 2 * samples).put(ascii("WAVEfmt ")).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(samples).putInt(2 * samples);
        wav.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(2 * samples);
        for (int i = 0; i < samples; i++) {
            wav.putShort((short) (8000 * Math.sin(i * 0.2)));
        }
        return wav.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
