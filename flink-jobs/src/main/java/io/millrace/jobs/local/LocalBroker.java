package io.millrace.jobs.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.jobs.local.internal.FreePort;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker in this process, for the demo and tests: one node in KRaft mode, on the loopback interface alone,
 * without replication. It can be stopped and started again on the same port with the same data.
 */
public final class LocalBroker implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final ProcessFolder temporary;
    private final Map<String, String> further;
    private final int port;
    private final int controllerPort;
    private KafkaRaftServer server;

    private LocalBroker(Path folder, ProcessFolder temporary, int port, Map<String, String> further) {
        this.further = Map.copyOf(further);
        this.folder = folder;
        this.temporary = temporary;
        this.port = FreePort.orFind(port);
        this.controllerPort = FreePort.find();
    }

    /**
     * Starts a broker with data in a temporary folder that goes with it.
     *
     * @param port port to listen on, 0 for a free one
     * @throws IllegalStateException if it does not come up, with the reason
     */
    public static LocalBroker start(int port) {
        return start(port, Map.of());
    }

    /**
     * Starts a broker with data in a temporary folder that goes with it.
     *
     * @param port port to listen on, 0 for a free one
     * @param further settings of the broker; those that are lists (listeners and the like) are added to its own
     * @throws IllegalStateException if it does not come up, with the reason
     */
    public static LocalBroker start(int port, Map<String, String> further) {
        try {
            ProcessFolder temporary = ProcessFolder.create("broker");
            return new LocalBroker(temporary.path(), temporary, port, further).launched();
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary folder for the broker", e);
        }
    }

    /**
     * Starts a broker with data in a folder that stays.
     *
     * @param port port to listen on, 0 for a free one
     * @param folder where the data are or will be
     * @throws IllegalStateException if it does not come up, with the reason
     */
    public static LocalBroker start(int port, Path folder) {
        return new LocalBroker(folder, null, port, Map.of()).launched();
    }

    private LocalBroker launched() {
        restart();
        return this;
    }

    /** Address for clients, {@code host:port}. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Starts the broker again on its port and data after {@link #stop}. */
    public synchronized void restart() {
        if (server != null) {
            throw new IllegalStateException("The broker at " + bootstrap() + " is running");
        }
        KafkaRaftServer starting = null;
        try {
            Properties settings = settings();
            format(settings);
            starting = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
            starting.startup();
            server = starting;
            try (TopicAdmin admin = new TopicAdmin(bootstrap(), START_LIMIT, Map.of())) {
                admin.names();
            }
        } catch (IOException | RuntimeException e) {
            if (starting != null) {
                starting.shutdown();
            }
            server = null;
            throw new IllegalStateException("The Kafka broker did not start at " + bootstrap() + ": " + e, e);
        }
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
                "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port,
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "PLAINTEXT",
                "log.dirs", folder.resolve("logs").toString()));
        settings.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1"));
        settings.putAll(Map.of(
                "auto.create.topics.enable", "false",
                "group.initial.rebalance.delay.ms", "0",
                "controlled.shutdown.enable", "false",
                "log.cleaner.dedupe.buffer.size", "8388608",
                "log.segment.bytes", "67108864",
                "num.network.threads", "2",
                "num.io.threads", "4",
                "background.threads", "2"));
        further.forEach((key, value) ->
                settings.merge(key, value, (ours, added) -> key.contains("listener") ? ours + "," + added : added));
        return settings;
    }

    private void format(Properties settings) throws IOException {
        Path logs = Path.of(settings.getProperty("log.dirs"));
        if (Files.exists(logs.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(logs);
        Path file = folder.resolve("server.properties");
        StringWriter text = new StringWriter();
        settings.store(text, null);
        Files.writeString(file, text.toString());
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status = StorageTool.execute(
                new String[] {
                    "format",
                    "--config",
                    file.toString(),
                    "--cluster-id",
                    Uuid.randomUuid().toString()
                },
                new PrintStream(said, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IOException("formatting failed: " + said.toString(StandardCharsets.UTF_8));
        }
    }

    /** Stops the broker and keeps its data. */
    public synchronized void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** Stops the broker; a temporary folder is deleted. */
    @Override
    public void close() {
        stop();
        if (temporary != null) {
            try {
                temporary.close();
            } catch (IOException e) {
                throw new UncheckedIOException("The broker's folder cannot be deleted", e);
            }
        }
    }
}
