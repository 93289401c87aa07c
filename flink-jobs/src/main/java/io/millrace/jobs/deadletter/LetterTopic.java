package io.millrace.jobs.deadletter;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.AvroValues;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.RecordLookup;
import io.millrace.connectors.kafka.RecordOrigin;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Topic;

/** The letters of a topic of dead letters. */
public final class LetterTopic {
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(20);

    private final Connection connection;
    private final String topic;

    /** {@code topic}: name of the topic. */
    public LetterTopic(Connection connection, String topic) {
        this.connection = connection;
        this.topic = topic;
    }

    /** Name of the topic that a user means: that of a stage by the stage's name, any other by its own. */
    public static String named(String nameOrStage) {
        return StageCatalogue.found()
                .topic(nameOrStage, "dead-letters")
                .<String>map(Topic::name)
                .orElse(nameOrStage);
    }

    /**
     * Hands over every letter that is there now, in the order of the partitions.
     *
     * @return records of the topic that are no letters
     */
    public int forEach(BiConsumer<LetterAddress, DeadLetter> target) {
        int[] others = {0};
        try (AvroTopicReader<DeadLetter> reader = new AvroTopicReader<>(
                DeadLetter.class,
                topic,
                connection.bootstrap(),
                connection.registry(),
                AvroTopicReader.From.EARLIEST,
                connection.properties())) {
            reader.readToEnd(record -> {
                if (record.isValue()) {
                    target.accept(addressOf(record.origin()), record.value());
                } else {
                    others[0]++;
                }
            });
        }
        return others[0];
    }

    private static LetterAddress addressOf(RecordOrigin origin) {
        return new LetterAddress(origin.partition(), origin.offset());
    }

    /** One letter; empty if there is none at this place. */
    public Optional<DeadLetter> at(LetterAddress address) {
        try (RecordLookup lookup = new RecordLookup(connection.bootstrap(), LOOKUP_LIMIT, connection.properties())) {
            return lookup.at(topic, address.partition(), address.offset())
                    .map(record -> new AvroValues<>(DeadLetter.class, topic, connection.registry()).decode(record))
                    .filter(Decoded::isValue)
                    .map(Decoded::value);
        }
    }

    /** The letters at these places, or all if none are named, that a filter lets through. */
    public int forEach(List<LetterAddress> wanted, LetterFilter filter, BiConsumer<LetterAddress, DeadLetter> target) {
        return forEach((address, letter) -> {
            if ((wanted.isEmpty() || wanted.contains(address)) && filter.test(letter)) {
                target.accept(address, letter);
            }
        });
    }
}
