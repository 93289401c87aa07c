package io.millrace.it.sensor;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.it.CommandProcess;
import io.millrace.it.LocalInfrastructure;
import io.millrace.jobs.cli.Millrace;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** A stage that is not of the house is found, configured, run and stopped like those that are. */
@ExtendWith(LocalInfrastructure.class)
class SensorStageIT {

    private static final int READINGS = 120;
    private static final int SENSORS = 5;

    @TempDir
    private Path folder;

    @Test
    void itIsPartOfTheCommandLineAndOfTheConfiguration() throws Exception {
        assertThat(StageCatalogue.found().names()).contains("intrusion", "speech", "sensor");
        Path wrong = Files.writeString(
                folder.resolve("wrong.yaml"),
                "kafka: {bootstrap: 'b:1'}\nregistry: {url: 'http://r'}\nsensor: {readings: 0}\n");
        StringWriter errors = new StringWriter();
        int code = Millrace.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute("run", "sensor", "--config", wrong.toString());
        assertThat(code).isEqualTo(2);
        assertThat(errors.toString())
                .contains("millrace run sensor")
                .contains("sensor.readings must be 1 to 1000, got 0");
    }

    @Test
    void readingsGoInAndAveragesComeOutAcrossAStop(LocalInfrastructure local) throws Exception {
        Topic<Reading> readings = local.freshTopic(SensorTopics.READINGS);
        Topic<Average> averages = local.freshTopic(SensorTopics.AVERAGES);
        Topic<DeadLetter> letters = local.freshTopic(CommonTopics.deadLetters(SensorStage.NAME));
        Path config = configuration(local, readings, averages, letters);
        List<Reading> all = readings();
        publish(local, readings, all.subList(0, READINGS / 2));
        runUntil(local, config, averages, READINGS / 2);
        publish(local, readings, all.subList(READINGS / 2, READINGS));
        publish(local, readings, List.of(reading(0, Double.NaN)));
        runUntil(local, config, averages, READINGS);

        Map<String, Deque<Double>> latest = new HashMap<>();
        Map<String, List<Average>> bySensor = new HashMap<>();
        read(local, averages)
                .forEach(each -> bySensor.computeIfAbsent(each.getSensor(), none -> new ArrayList<>())
                        .add(each));
        Map<String, Integer> seen = new HashMap<>();
        for (Reading reading : all) {
            Deque<Double> window = latest.computeIfAbsent(reading.getSensor(), none -> new ArrayDeque<>());
            window.add(reading.getValue());
            if (window.size() > 3) {
                window.remove();
            }
            Average average =
                    bySensor.get(reading.getSensor()).get(seen.merge(reading.getSensor(), 1, Integer::sum) - 1);
            assertThat(average.getReadings()).isEqualTo(window.size());
            assertThat(average.getAverage())
                    .isCloseTo(window.stream().mapToDouble(d -> d).average().orElseThrow(), within(1e-9));
        }
        assertThat(read(local, averages)).hasSize(READINGS);
        assertThat(read(local, letters))
                .singleElement()
                .satisfies(letter -> assertThat(letter.getMessage()).contains("the reading is NaN"));
    }

    private static List<Reading> readings() {
        return IntStream.range(0, READINGS)
                .mapToObj(i -> reading(i % SENSORS, Math.sin(i)))
                .toList();
    }

    private static Reading reading(int sensor, double value) {
        return Reading.newBuilder()
                .setSensor("sensor-" + sensor)
                .setValue(value)
                .setEventTime(Instant.ofEpochMilli(1_700_000_000_000L))
                .build();
    }

    private Path configuration(
            LocalInfrastructure local, Topic<Reading> readings, Topic<Average> averages, Topic<DeadLetter> letters)
            throws Exception {
        return Files.writeString(folder.resolve("sensor.yaml"), """
                kafka: {bootstrap: '%s'}
                registry: {url: '%s'}
                flink: {checkpoint-interval: 500ms, checkpoint-directory: '%s'}
                sensor:
                  readings: 3
                  topics: {readings: '%s', averages: '%s', dead-letters: '%s'}
                """.formatted(
                        local.bootstrap(),
                        local.registry().url(),
                        folder.resolve("state").toUri(),
                        readings.name(),
                        averages.name(),
                        letters.name()));
    }

    private void runUntil(LocalInfrastructure local, Path config, Topic<Average> averages, int answers)
            throws Exception {
        try (CommandProcess run = CommandProcess.start(
                folder,
                List.of(
                        "-Xmx512m",
                        "-Dmillrace.state=" + folder.resolve("home"),
                        "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                        "-Dai.djl.offline=true",
                        "-DPYTORCH_FLAVOR=cpu"),
                "run",
                "sensor",
                "--config",
                config.toString(),
                "--create-topics")) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> read(local, averages).size() >= answers);
            run.signal("INT");
            assertThat(run.awaitEnd()).as(run.output()).isZero();
        }
    }

    private static <T extends SpecificRecord> void publish(LocalInfrastructure local, Topic<T> topic, List<T> records) {
        try (AvroPublisher<T> publisher =
                new AvroPublisher<>(topic, local.bootstrap(), local.registryConfig(), Map.of())) {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(publisher.publish(record)));
            publisher.flush();
        }
    }

    private static <T extends SpecificRecord> List<T> read(LocalInfrastructure local, Topic<T> topic) {
        try (AvroTopicReader<T> reader = new AvroTopicReader<>(
                topic.valueType(),
                topic.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of())) {
            return reader.readToEnd().stream().map(Decoded::value).toList();
        }
    }
}
