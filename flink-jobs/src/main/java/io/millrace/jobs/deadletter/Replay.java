package io.millrace.jobs.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;

import io.millrace.connectors.kafka.RecordLookup;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.connectors.kafka.TopicTerms;
import io.millrace.jobs.kafka.Connection;
import io.millrace.schemas.DeadLetter;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends the records of dead letters again to the topics that they came from, each once: record and marker are written in
 * one transaction, and one replay of a topic at a time (a second ends the first).
 */
public final class Replay implements AutoCloseable {
    /** Header of a record that is sent again: the letter, as TOPIC/PARTITION@OFFSET. */
    public static final String LETTER_HEADER = "millrace.replay.letter";

    /** Header of a record that is sent again: when, as ISO 8601. */
    public static final String TIME_HEADER = "millrace.replay.time";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int LETTERS_A_TRANSACTION = 100;

    private final String letters;
    private final String target;
    private final boolean trial;
    private final Consumer<String> log;
    private final Map<String, String> settings;
    private final TopicAdmin admin;
    private final RecordLookup lookup;
    private final LostRecord records;
    private final ReplayMarkers markers;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Set<LetterAddress> before;
    private final Set<String> topics;
    private final Map<String, TopicTerms> terms = new HashMap<>();
    private int open;
    private int sent;
    private int already;
    private int failed;

    /**
     * Connects, and waits until an interrupted replay of the same topic is undone.
     *
     * @param letters topic of the dead letters
     * @param target topic to send to, or null for the one that each letter names
     * @param trial sends nothing, only says what would be sent
     * @param log takes a line for each letter
     */
    public Replay(Connection connection, String letters, String target, boolean trial, Consumer<String> log) {
        this.letters = letters;
        this.target = target;
        this.trial = trial;
        this.log = log;
        settings = connection.properties();
        admin = new TopicAdmin(connection.bootstrap(), LIMIT, connection.properties());
        lookup = new RecordLookup(connection.bootstrap(), LIMIT, connection.properties());
        records = new LostRecord(connection, lookup);
        markers = new ReplayMarkers(connection, letters);
        markers.prepare(admin);
        producer = producer(connection);
        producer.initTransactions();
        topics = admin.names();
        before = markers.read();
    }

    private KafkaProducer<byte[], byte[]> producer(Connection connection) {
        Properties all = new Properties();
        all.putAll(connection.properties());
        all.setProperty("bootstrap.servers", connection.bootstrap());
        all.setProperty("transactional.id", "millrace-dlq-replay-" + letters);
        all.setProperty("acks", "all");
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends the record of a letter, unless that was done. */
    public void accept(LetterAddress address, DeadLetter letter) {
        if (before.contains(address)) {
            already++;
            return;
        }
        try {
            ProducerRecord<byte[], byte[]> record = record(address, letter);
            log.accept(address + (trial ? " would go to " : " goes to ") + record.topic());
            if (!trial) {
                send(record, markers.of(address, record.topic()));
            }
            sent++;
        } catch (NotReplayableException not) {
            failed++;
            log.accept(address + " cannot be replayed: " + not.getMessage());
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record, ProducerRecord<byte[], byte[]> marker) {
        if (open == 0) {
            producer.beginTransaction();
        }
        producer.send(record);
        producer.send(marker);
        if (++open == LETTERS_A_TRANSACTION) {
            finish();
        }
    }

    /** Completes what has been sent: readers of committed records see it from then on. */
    public void finish() {
        if (open > 0) {
            producer.commitTransaction();
            open = 0;
        }
    }

    private ProducerRecord<byte[], byte[]> record(LetterAddress address, DeadLetter letter)
            throws NotReplayableException {
        String topic = target != null ? target : letter.getTopic();
        if (topic == null) {
            throw new NotReplayableException("it does not name the topic of its record; --to TOPIC does");
        }
        if (!topics.contains(topic)) {
            throw new NotReplayableException("there is no topic " + topic);
        }
        LostRecord.Found found = records.of(letter, topic);
        found.headers()
                .remove(LETTER_HEADER)
                .remove(TIME_HEADER)
                .add(LETTER_HEADER, utf8(letters + "/" + address.partition() + "@" + address.offset()))
                .add(TIME_HEADER, utf8(Instant.now().toString()));
        if (found.bytes() > terms.computeIfAbsent(topic, this::termsOf).contentBytes()) {
            throw new NotReplayableException("topic " + topic + " takes no record of that size");
        }
        return new ProducerRecord<>(topic, null, null, found.key(), found.value(), found.headers());
    }

    private TopicTerms termsOf(String topic) {
        return admin.terms(topic).sentWith(settings);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Letters whose records were sent, or would be. */
    public int sent() {
        return sent;
    }

    /** Letters that had been replayed before. */
    public int already() {
        return already;
    }

    /** Letters whose records cannot be sent. */
    public int failed() {
        return failed;
    }

    /** Undoes what is not finished. */
    @Override
    public void close() {
        for (AutoCloseable each : List.of(producer, lookup, admin)) {
            try {
                each.close();
            } catch (Exception quietly) {
                log.accept("closing: " + quietly.getMessage());
            }
        }
    }
}
