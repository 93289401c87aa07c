package io.millrace.jobs.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.jobs.kafka.Connection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What was replayed of a topic of dead letters: a topic beside it, one record a letter, written in the transaction that
 * sends the letter's record again. It keeps them for longer than the letters are kept.
 */
final class ReplayMarkers {
    private static final String SUFFIX = ".replayed";
    private static final Duration LONGER = Duration.ofDays(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Connection connection;
    private final String letters;

    ReplayMarkers(Connection connection, String letters) {
        this.connection = connection;
        this.letters = letters;
    }

    /** Makes the topic unless it is there. */
    void prepare(TopicAdmin admin) {
        Optional<Duration> kept = admin.retention(letters);
        String retention =
                kept.map(each -> each.plus(LONGER).toMillis()).orElse(-1L).toString();
        admin.ensure(letters + SUFFIX, 1, Map.of("retention.ms", retention, "message.timestamp.type", "LogAppendTime"));
    }

    /** The marker of a letter. */
    ProducerRecord<byte[], byte[]> of(LetterAddress address, String target) {
        return new ProducerRecord<>(letters + SUFFIX, utf8(address.toString()), utf8(Instant.now() + " to " + target));
    }

    /** The letters that were replayed. */
    Set<LetterAddress> read() {
        Properties all = new Properties();
        all.putAll(connection.properties());
        all.setProperty("bootstrap.servers", connection.bootstrap());
        all.setProperty("isolation.level", "read_committed");
        all.setProperty("enable.auto.commit", "false");
        Set<LetterAddress> replayed = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(letters + SUFFIX, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> marker : consumer.poll(POLL)) {
                    replayed.add(LetterAddress.parse(new String(marker.key(), StandardCharsets.UTF_8)));
                }
            }
        }
        return replayed;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
