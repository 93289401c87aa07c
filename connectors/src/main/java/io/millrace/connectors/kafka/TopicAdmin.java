package io.millrace.connectors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.millrace.schemas.Topic;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics of the catalogue on a broker. */
public final class TopicAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);

    private final String bootstrap;
    private final Duration limit;
    private final Admin admin;

    /**
     * Prepares to connect.
     *
     * @param bootstrap brokers, {@code host:port} separated by commas
     * @param limit how long one call may take
     * @param properties further settings of the client, such as {@code security.protocol}
     */
    public TopicAdmin(String bootstrap, Duration limit, Map<String, String> properties) {
        this.bootstrap = bootstrap;
        this.limit = limit;
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("bootstrap.servers", bootstrap);
        int millis = Math.toIntExact(limit.toMillis());
        all.putIfAbsent("default.api.timeout.ms", Integer.toString(millis));
        all.putIfAbsent("request.timeout.ms", Integer.toString(millis));
        admin = created(all);
    }

    private static Admin created(Properties settings) {
        try {
            return Admin.create(settings);
        } catch (KafkaException e) {
            // "Failed to create new KafkaAdminClient" says nothing; its cause says what is wrong with which setting
            throw e.getCause() instanceof ConfigException wrong
                    ? new KafkaException(
                            "No Kafka client can be made for " + settings.getProperty("bootstrap.servers") + ": "
                                    + (wrong.getMessage().startsWith("No resolvable")
                                            ? "none of its names resolves"
                                            : wrong.getMessage()),
                            e)
                    : e;
        }
    }

    /**
     * Makes the topics that are missing, with the settings of the catalogue and the broker's own replication; leaves
     * those that are there as they are.
     *
     * @return names of the topics made
     * @throws KafkaException if the broker is away or refuses
     */
    public List<String> ensure(Collection<? extends Topic<?>> topics) {
        Set<String> there = names();
        List<NewTopic> missing = new ArrayList<>();
        for (Topic<?> topic : topics) {
            if (!there.contains(topic.name())) {
                missing.add(newTopic(topic));
            }
        }
        List<String> made = new ArrayList<>();
        admin.createTopics(missing).values().forEach((name, result) -> {
            if (created(name, result)) {
                made.add(name);
            }
        });
        return made;
    }

    /** Names of the topics on the broker, its own left out. */
    public Set<String> names() {
        return await("listing topics", admin.listTopics().names());
    }

    /** Id of the Kafka cluster, which tells it from every other. */
    public String clusterId() {
        return await("asking for the cluster's id", admin.describeCluster().clusterId());
    }

    /** Whether a consumer group has committed offsets. */
    public boolean hasCommitted(String group) {
        return !await(
                        "reading offsets of group " + group,
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .isEmpty();
    }

    /** Records of a topic that a consumer group has not committed yet; a group without offsets has all before it. */
    public long lag(String group, String topic) {
        var committed = await(
                "reading offsets of group " + group,
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        await("describing topic " + topic, admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions()
                .forEach(partition -> ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
        return await(
                        "reading the ends of topic " + topic,
                        admin.listOffsets(ends).all())
                .entrySet()
                .stream()
                .mapToLong(end -> {
                    OffsetAndMetadata position = committed.get(end.getKey());
                    return end.getValue().offset() - (position == null ? 0 : position.offset());
                })
                .sum();
    }

    /**
     * Makes a topic that is not of the catalogue, unless it is there.
     *
     * @param settings settings of the topic by Kafka's names
     */
    public void ensure(String name, int partitions, Map<String, String> settings) {
        if (!names().contains(name)) {
            NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
            admin.createTopics(List.of(topic)).values().forEach(this::created);
        }
    }

    /** How long a topic keeps records; empty if for ever, or if the broker may not be asked. */
    public Optional<Duration> retention(String topic) {
        try {
            String millis = settings(topic).apply("retention.ms");
            return Optional.ofNullable(millis)
                    .map(Long::parseLong)
                    .filter(given -> given >= 0)
                    .map(Duration::ofMillis);
        } catch (KafkaException e) {
            return Optional.empty();
        }
    }

    private Function<String, String> settings(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = await(
                        "reading the settings of topic " + topic,
                        admin.describeConfigs(List.of(resource)).all())
                .get(resource);
        return name -> config.get(name) == null ? null : config.get(name).value();
    }

    /** What a topic takes; what a broker takes by default if it does not say, because it may not be asked. */
    public TopicTerms terms(String topic) {
        try {
            return TopicTerms.of(settings(topic));
        } catch (KafkaException e) {
            LOG.warn("The usual limits are assumed for topic {}: {}", topic, e.getMessage());
            return TopicTerms.USUAL;
        }
    }

    private static NewTopic newTopic(Topic<?> topic) {
        String retention = Long.toString(topic.retention().toMillis());
        boolean compacted = topic.cleanup() == Topic.Cleanup.COMPACT;
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
                .configs(Map.of(
                        "cleanup.policy",
                        topic.cleanup().policy(),
                        // Retention counts from arrival: a recording of last year would be deleted as it is replayed.
                        "message.timestamp.type",
                        "LogAppendTime",
                        compacted ? "delete.retention.ms" : "retention.ms",
                        retention));
    }

    private boolean created(String name, KafkaFuture<Void> result) {
        try {
            await("making topic " + name, result);
            return true;
        } catch (KafkaException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    private <R> R await(String what, KafkaFuture<R> future) {
        try {
            return future.get(limit.toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw away(what, e.getCause());
            }
            throw new KafkaException(
                    "Kafka at " + bootstrap + " refused " + what + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw away(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while " + what, e);
        }
    }

    private KafkaException away(String what, Throwable cause) {
        return new KafkaException(
                "No Kafka broker answered at " + bootstrap + " within " + limit.toSeconds() + " s while " + what,
                cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
