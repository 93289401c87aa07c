package io.millrace.jobs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.millrace.jobs.FlinkOptions;
import io.millrace.jobs.cluster.FlinkRest;
import io.millrace.jobs.cluster.StubJobManager;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.lifecycle.JobLock;
import io.millrace.jobs.lifecycle.MillraceHome;
import io.millrace.jobs.lifecycle.StartingPoint;
import io.millrace.jobs.lifecycle.StateFolders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is settled, said and refused before a job starts, here and on a cluster. */
@Timeout(60)
class RunPlanTest {
    private final List<String> lines = new ArrayList<>();

    @TempDir
    private Path folder;

    private String stateBefore;

    @BeforeEach
    void keepStateHere() {
        stateBefore = System.getProperty("millrace.state");
        System.setProperty("millrace.state", folder.resolve("home").toString());
    }

    @AfterEach
    void giveBack() {
        if (stateBefore == null) {
            System.clearProperty("millrace.state");
        } else {
            System.setProperty("millrace.state", stateBefore);
        }
    }

    private static JobConfiguration configuration(JobConfiguration.Delivery delivery, String checkpoints) {
        Map<String, Object> flink = new HashMap<>();
        if (checkpoints != null) {
            flink.put("checkpoint-directory", checkpoints);
        }
        return new JobConfiguration(
                "flows",
                new JobConfiguration.Kafka("b:1", Map.of()),
                new JobConfiguration.Registry("http://r", Map.of()),
                ConfigurationReader.of(JobConfiguration.FlinkSettings.class, flink),
                delivery,
                Map.of());
    }

    private RunPlan plan(JobConfiguration configuration, boolean read, boolean allowSecond) {
        return new RunPlan(
                configuration,
                environment -> {
                    throw new IllegalStateException("is not built");
                },
                new RunPlan.KafkaFacts("cluster-a", read),
                new StartingPoint.Wish(null, false),
                allowSecond,
                lines::add);
    }

    private JobConfiguration here() {
        return configuration(null, folder.resolve("checkpoints").toUri().toString());
    }

    private StateFolders folders(JobConfiguration configuration) {
        return StateFolders.in(FlinkOptions.of(configuration)).orElseThrow();
    }

    @Test
    void aStartIsSaidAndNoted() {
        RunPlan plan = plan(here(), false, false);
        StateFolders folders = folders(here());
        StartingPoint start = plan.startingPoint(folders);
        assertThat(lines).containsExactly("Begins without state: none is in " + folders.checkpoints() + ".");
        plan.note(start, folders);
        assertThat(folder.resolve("checkpoints/flows/_started")).content().contains("cluster-a");
        assertThat(lines).hasSize(1);
    }

    @Test
    void aGroupThatHasReadBeforeIsSaidToGoOn() {
        plan(here(), true, false).startingPoint(folders(here()));
        assertThat(lines).hasSize(2).last().asString().startsWith("The consumer group flows has read before: ");
    }

    @Test
    void aStartThatCannotBeNotedStartsAllTheSame() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        StateFolders blocked = new StateFolders(file.toUri() + "/below", file.toUri() + "/savepoints");
        plan(here(), false, false).note(new StartingPoint(Optional.empty(), ""), blocked);
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("The start cannot be noted in " + blocked.checkpoints())
                .endsWith("name the savepoint when you start the job next time.");
    }

    @Test
    void aSecondJobOfANameIsRefusedHere() throws Exception {
        try (JobLock lock = JobLock.take(MillraceHome.locks(), "flows", "cluster-a")) {
            assertThat(lock).isNotNull();
            LocalRun second = new LocalRun(plan(here(), false, false), null, Duration.ofSeconds(1));
            assertThatThrownBy(second::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a job named flows runs on this machine already")
                    .hasMessageContaining("--allow-second");
        }
    }

    @Test
    void aDeviceThatThereIsNotIsRefusedBeforeAnythingStarts() {
        InferenceConfiguration inference =
                ConfigurationReader.of(InferenceConfiguration.class, Map.of("device", "tpu"));
        LocalRun run = new LocalRun(plan(here(), false, false), inference, Duration.ofSeconds(1));
        assertThatThrownBy(run::run)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("inference.device: ")
                .hasMessageContaining("tpu");
        assertThat(folder.resolve("checkpoints")).doesNotExist();
    }

    @Test
    void aSecondJobOfANameIsRefusedOnACluster() throws Exception {
        try (StubJobManager server = new StubJobManager()) {
            server.on("/jobs/overview", """
                    {"jobs":[{"jid":"a1","name":"flows","state":"RUNNING","start-time":1}]}""");
            Submission second = new Submission(plan(here(), false, false), FlinkRest.at(server.address()));
            assertThatThrownBy(second::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a job named flows runs on this cluster already (a1, RUNNING)");
            Submission allowed = new Submission(plan(here(), false, true), FlinkRest.at(server.address()));
            assertThatThrownBy(allowed::run).hasMessage("is not built");
        }
    }

    @Test
    void exactlyOnceNeedsADirectoryForCheckpoints() throws Exception {
        try (StubJobManager server = new StubJobManager()) {
            server.on("/jobs/overview", "{\"jobs\":[]}").on("/jobmanager/config", "[]");
            Submission once =
                    new Submission(plan(configuration(null, null), false, false), FlinkRest.at(server.address()));
            assertThatThrownBy(once::run)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("flink.checkpoint-directory is missing, here and in the cluster's own");
            Submission least = new Submission(
                    plan(configuration(JobConfiguration.Delivery.AT_LEAST_ONCE, null), false, false),
                    FlinkRest.at(server.address()));
            assertThatThrownBy(least::run).hasMessage("is not built");
            assertThat(lines)
                    .containsExactly("There is no checkpoint directory: a restart of the job begins without state.");
        }
    }

    @Test
    void theDirectoryOfTheClusterIsTakenWhereTheJobNamesNone() throws Exception {
        try (StubJobManager server = new StubJobManager()) {
            String directory = folder.resolve("cluster").toUri().toString();
            server.on("/jobs/overview", "{\"jobs\":[]}")
                    .on(
                            "/jobmanager/config",
                            "[{\"key\":\"execution.checkpointing.dir\",\"value\":\"" + directory + "\"}]");
            Submission run =
                    new Submission(plan(configuration(null, null), false, false), FlinkRest.at(server.address()));
            assertThatThrownBy(run::run).hasMessage("is not built");
            assertThat(lines).singleElement().asString().contains(directory + "/flows");
            assertThat(folder.resolve("cluster/flows/_started")).exists();
        }
    }
}
