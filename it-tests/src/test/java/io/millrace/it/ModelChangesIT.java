package io.millrace.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.models.card.ModelFolder;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.schemas.CachePolicy;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.ReleaseAction;
import io.millrace.schemas.Topic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A job of two subtasks gets another model by an order, and after a stop one by its configuration; nothing is lost. */
@Timeout(300)
@ExtendWith(LocalInfrastructure.class)
class ModelChangesIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int FLOWS = 60;

    private final String name = "model-changes-" + UUID.randomUUID();
    private final List<String> published = new ArrayList<>();

    @TempDir
    private Path folder;

    private Topic<FlowRecord> flows;
    private Topic<Detection> detections;
    private Topic<ModelRelease> releases;

    @Test
    void anOrderAndThenAnotherConfigurationChangeTheModel(LocalInfrastructure local) throws Exception {
        flows = local.freshTopic(IntrusionTopics.FLOWS);
        detections = local.freshTopic(IntrusionTopics.DETECTIONS);
        releases = local.freshTopic(CommonTopics.RELEASES);
        Path ordered = model("ordered");
        Path configured = model("configured");
        String shipped = IntrusionModel.KIND.shipped().id().version();
        try (CommandProcess run = run(configuration(local, "default"))) {
            run.awaitLine("Running.");
            answer(local, 0, shipped);
            order(local, ordered);
            Awaitility.await("the order is carried out; the log: " + run.output())
                    .atMost(LIMIT)
                    .until(() -> run.output().split("ordered serves from now on", -1).length - 1 == 2);
            answer(local, 1, "ordered");
            run.signal("INT");
            assertThat(run.awaitEnd()).as(run.output()).isZero();
        }
        try (CommandProcess run = run(configuration(local, "default"))) {
            run.awaitLine("Running.");
            assertThat(run.output()).contains("order the-order brought").contains("which goes on");
            answer(local, 2, "ordered");
            run.signal("INT");
            assertThat(run.awaitEnd()).as(run.output()).isZero();
        }
        try (CommandProcess run = run(configuration(local, configured.toString()))) {
            run.awaitLine("Running.");
            assertThat(run.output()).contains("configured takes over and every key starts again");
            answer(local, 3, "configured");
            run.signal("TERM");
            assertThat(run.awaitEnd()).as(run.output()).isZero();
        }
        // Of the flows that close the last hour some are let go as well.
        assertThat(committed(local).stream().map(Detection::getFlowId))
                .doesNotHaveDuplicates()
                .containsAll(published);
    }

    /** Publishes flows of one hour and some of the next that let them go; all of them are answered by the version. */
    private void answer(LocalInfrastructure local, int hour, String version) {
        Instant begin = Flows.flow(0).getEndTime().plus(Duration.ofHours(2L * hour));
        List<FlowRecord> batch = new ArrayList<>();
        for (int i = 0; i < FLOWS; i++) {
            batch.add(flow("flow-" + hour + "-" + i, i, begin.plusSeconds(i)));
        }
        List<String> wanted = batch.stream().map(FlowRecord::getFlowId).toList();
        List<FlowRecord> closing = IntStream.range(0, 100)
                .mapToObj(i -> flow("closing-" + hour + "-" + i, i, begin.plus(Duration.ofHours(1))))
                .toList();
        try (AvroPublisher<FlowRecord> publisher = publisher(local, flows)) {
            batch.forEach(publisher::publish);
            closing.forEach(publisher::publish);
            publisher.flush();
        }
        Awaitility.await("flows of hour " + hour + " are answered by " + version)
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(committed(local).stream()
                                .filter(detection -> detection.getModelVersion().equals(version))
                                .map(Detection::getFlowId))
                        .containsAll(wanted));
        published.addAll(wanted);
        // Those that closed the hour before have been let go by this one.
        if (hour > 0) {
            IntStream.range(0, 100).forEach(i -> published.add("closing-" + (hour - 1) + "-" + i));
        }
    }

    private static FlowRecord flow(String id, int host, Instant end) {
        return FlowRecord.newBuilder(Flows.flow(0))
                .setFlowId(id)
                .setSourceAddress("198.18.0." + host)
                .setStartTime(end)
                .setEndTime(end)
                .build();
    }

    private void order(LocalInfrastructure local, Path model) throws IOException {
        IntrusionModel read = IntrusionModel.KIND.load(model);
        try (AvroPublisher<ModelRelease> publisher =
                new AvroPublisher<>(releases, local.bootstrap(), local.registryConfig(), Map.of())) {
            publisher.publish(ModelRelease.newBuilder()
                    .setReleaseId("the-order")
                    .setStage("intrusion")
                    .setAction(ReleaseAction.ROLL_OUT)
                    .setModel(read.id().name())
                    .setVersion(read.id().version())
                    .setLocation(model.toString())
                    .setSha256(read.card().weightsSha256())
                    .setCachePolicy(CachePolicy.RESET)
                    .setReleasedTime(Instant.now())
                    .build());
            publisher.flush();
        }
    }

    /** The model that ships under another version. */
    private Path model(String version) throws IOException {
        Path model = Files.createDirectories(folder.resolve(version));
        for (String file : List.of(ModelFolder.CARD, "features.json", ModelFolder.WEIGHTS)) {
            try (InputStream resource =
                    IntrusionModel.class.getResourceAsStream("/io/millrace/models/intrusion/default/" + file)) {
                Files.copy(resource, model.resolve(file));
            }
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode card =
                (ObjectNode) json.readTree(model.resolve(ModelFolder.CARD).toFile());
        card.put("version", version);
        json.writeValue(model.resolve(ModelFolder.CARD).toFile(), card);
        return model;
    }

    private List<Detection> committed(LocalInfrastructure local) {
        try (AvroTopicReader<Detection> reader = new AvroTopicReader<>(
                Detection.class,
                detections.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of())) {
            return reader.readToEnd().stream().map(record -> record.value()).toList();
        }
    }

    private static AvroPublisher<FlowRecord> publisher(LocalInfrastructure local, Topic<FlowRecord> topic) {
        return new AvroPublisher<>(topic, local.bootstrap(), local.registryConfig(), Map.of());
    }

    private CommandProcess run(Path config) throws IOException {
        return CommandProcess.start(
                folder,
                List.of(
                        "-Xmx512m",
                        "-Dmillrace.state=" + folder.resolve("state"),
                        "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                        "-Dai.djl.offline=true",
                        "-DPYTORCH_FLAVOR=cpu"),
                "run",
                "intrusion",
                "--config",
                config.toString());
    }

    private Path configuration(LocalInfrastructure local, String model) throws IOException {
        String yaml = String.join(
                "\n",
                "name: " + name,
                "kafka: {bootstrap: '" + local.bootstrap() + "'}",
                "registry: {url: '" + local.registry().url() + "'}",
                "flink: {parallelism: 2, checkpoint-interval: 500ms, checkpoint-directory: '"
                        + folder.resolve("checkpoints").toUri() + "'}",
                "intrusion:",
                "  model: " + model,
                "  disorder: 0s",
                "  inference: {device: cpu}",
                "  topics:",
                "    flows: " + flows.name(),
                "    detections: " + detections.name(),
                "    dead-letters: "
                        + local.freshTopic(IntrusionTopics.DEAD_LETTERS).name(),
                "    alerts: " + local.freshTopic(IntrusionTopics.ALERTS).name(),
                "    features: " + local.freshTopic(IntrusionTopics.FEATURES).name(),
                "    releases: " + releases.name(),
                "");
        return Files.writeString(folder.resolve("intrusion.yaml"), yaml);
    }
}
