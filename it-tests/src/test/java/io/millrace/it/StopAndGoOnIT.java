package io.millrace.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code millrace run} as a process of its own, interrupted, killed and started again. */
@Timeout(400)
@ExtendWith(LocalInfrastructure.class)
class StopAndGoOnIT {
    /** Longer than the flows of a run are apart: all of them wait in the job's state when it is stopped. */
    private static final Duration DISORDER = Duration.ofMinutes(5);

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final String name = "stop-and-go-on-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    /** Flows that wait in the state through a Ctrl-C and a kill -9 are answered by the third run, each once. */
    @Test
    void whatWaitsWhenARunIsStoppedIsAnsweredByTheNext(LocalInfrastructure local) throws Exception {
        Topic<FlowRecord> flows = local.freshTopic(IntrusionTopics.FLOWS);
        Topic<Detection> detections = local.freshTopic(IntrusionTopics.DETECTIONS);
        Topic<DeadLetter> deadLetters = local.freshTopic(IntrusionTopics.DEAD_LETTERS);
        Path config = configuration(local, flows, detections, deadLetters);
        List<String> published = new ArrayList<>();
        try (TopicAdmin admin = new TopicAdmin(local.bootstrap(), LIMIT, Map.of())) {
            try (CommandProcess first = run(config)) {
                first.awaitLine("Running.");
                published.addAll(publish(local, flows, 0, 100));
                awaitCheckpointed(admin, flows);
                try (CommandProcess second = run(config)) {
                    assertThat(second.awaitEnd()).isEqualTo(1);
                    assertThat(second.output()).contains("a job named " + name + " runs on this machine already");
                }
                first.signal("INT");
                assertThat(first.awaitEnd()).as(first.output()).isZero();
                assertThat(first.output()).contains("Begins without state").contains("Stopped with savepoint file:");
            }
            try (CommandProcess second = run(config)) {
                assertThat(second.awaitLine("Goes on from")).contains("savepoint");
                second.awaitLine("Running.");
                published.addAll(publish(local, flows, 100, 200));
                awaitCheckpointed(admin, flows);
                second.signal("KILL");
                second.awaitEnd();
            }
            try (CommandProcess third = run(config)) {
                assertThat(third.awaitLine("Goes on from"))
                        .contains("checkpoint")
                        .contains("/chk-");
                third.awaitLine("Running.");
                close(local, flows);
                Awaitility.await("every flow is answered; the log: " + third.output())
                        .atMost(LIMIT)
                        .until(() -> read(local, Detection.class, detections).size() >= published.size());
                third.signal("TERM");
                assertThat(third.awaitEnd()).as(third.output()).isZero();
            }
        }
        assertThat(read(local, DeadLetter.class, deadLetters)).isEmpty();
        assertThat(read(local, Detection.class, detections).stream().map(Detection::getFlowId))
                .as("each once, and none of those that closed the stream")
                .containsExactlyInAnyOrderElementsOf(published);
        try (Stream<Path> left = Files.walk(folder.resolve("tmp"))) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("run-")))
                    .as("temporary folders, that of the killed run too")
                    .isEmpty();
        }
    }

    private CommandProcess run(Path config) throws IOException {
        return CommandProcess.start(
                folder,
                List.of(
                        "-Xmx512m",
                        "-Dmillrace.state=" + folder.resolve("state"),
                        "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                        "-Dai.djl.offline=true",
                        "-DPYTORCH_FLAVOR=cpu"),
                "run",
                "intrusion",
                "--config",
                config.toString());
    }

    private Path configuration(
            LocalInfrastructure local,
            Topic<FlowRecord> flows,
            Topic<Detection> detections,
            Topic<DeadLetter> deadLetters)
            throws IOException {
        Files.createDirectories(folder.resolve("tmp"));
        String yaml = String.join(
                "\n",
                "name: " + name,
                "kafka: {bootstrap: '" + local.bootstrap() + "'}",
                "registry: {url: '" + local.registry().url() + "'}",
                "flink:",
                "  checkpoint-interval: 500ms",
                "  checkpoint-directory: " + folder.resolve("checkpoints").toUri(),
                "intrusion:",
                "  disorder: " + DISORDER.toMinutes() + "m",
                "  inference: {device: cpu}",
                "  topics:",
                "    flows: " + flows.name(),
                "    detections: " + detections.name(),
                "    dead-letters: " + deadLetters.name(),
                "    alerts: " + local.freshTopic(IntrusionTopics.ALERTS).name(),
                "    features: " + local.freshTopic(IntrusionTopics.FEATURES).name(),
                "    releases: " + local.freshTopic(CommonTopics.RELEASES).name(),
                "");
        return Files.writeString(folder.resolve("intrusion.yaml"), yaml);
    }

    private void awaitCheckpointed(TopicAdmin admin, Topic<?> flows) {
        Awaitility.await("a checkpoint after the last flow was read")
                .atMost(LIMIT)
                .until(() -> admin.lag(name, flows.name()) == 0);
    }

    private static List<String> publish(LocalInfrastructure local, Topic<FlowRecord> topic, int from, int to) {
        List<FlowRecord> flows = IntStream.range(from, to).mapToObj(Flows::flow).toList();
        publish(local, topic, flows);
        return flows.stream().map(FlowRecord::getFlowId).toList();
    }

    /** Flows of so many hosts that every partition gets one, an hour later: they bring event time past all others. */
    private static void close(LocalInfrastructure local, Topic<FlowRecord> topic) {
        Instant end = Flows.flow(0).getEndTime().plus(Duration.ofHours(1));
        publish(
                local,
                topic,
                IntStream.range(0, 100)
                        .mapToObj(host -> FlowRecord.newBuilder(Flows.flow(host))
                                .setFlowId("closing-" + host)
                                .setSourceAddress("198.18.0." + host)
                                .setStartTime(end)
                                .setEndTime(end)
                                .build())
                        .toList());
    }

    private static void publish(LocalInfrastructure local, Topic<FlowRecord> topic, List<FlowRecord> flows) {
        try (AvroPublisher<FlowRecord> publisher =
                new AvroPublisher<>(topic, local.bootstrap(), local.registryConfig(), Map.of())) {
            flows.forEach(publisher::publish);
            publisher.flush();
        }
    }

    private static <T extends SpecificRecord> List<T> read(LocalInfrastructure local, Class<T> type, Topic<T> topic) {
        try (AvroTopicReader<T> reader = new AvroTopicReader<>(
                type,
                topic.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of())) {
            return reader.readToEnd().stream().map(record -> record.value()).toList();
        }
    }
}
