package io.millrace.jobs.deadletter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.millrace.connectors.kafka.AvroValues;
import io.millrace.connectors.kafka.RecordLookup;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.schemas.AvroJson;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Finds the record that a letter is about: its bytes in the letter, if they are the record's own and whole; else in the
 * topic that it was read from, while it is there; else as the Avro JSON in the letter says.
 */
final class LostRecord {
    private static final String DECODING = "decode";
    private static final int SHOWN = 80;

    private final Connection connection;
    private final RecordLookup lookup;

    /** A record as it is sent again. */
    record Found(byte[] key, byte[] value, Headers headers) {
        private static final int OF_A_HEADER = 16;

        /** Bytes of all of it. */
        long bytes() {
            long bytes = length(key) + length(value);
            for (Header header : headers) {
                bytes += header.key().length() + length(header.value()) + OF_A_HEADER;
            }
            return bytes;
        }

        private static long length(byte[] part) {
            return part == null ? 0 : part.length;
        }
    }

    LostRecord(Connection connection, RecordLookup lookup) {
        this.connection = connection;
        this.lookup = lookup;
    }

    /**
     * The record of a letter.
     *
     * @param target topic that it will be sent to
     */
    Found of(DeadLetter letter, String target) throws NotReplayableException {
        boolean whole = letter.getCutBytes() == 0;
        if (whole && DECODING.equals(letter.getStep())) {
            return new Found(LetterText.bytes(letter.getKey()), LetterText.bytes(letter.getValue()), headers(letter));
        }
        Optional<ConsumerRecord<byte[], byte[]>> original = original(letter);
        if (original.isPresent()) {
            ConsumerRecord<byte[], byte[]> record = original.get();
            return new Found(record.key(), record.value(), new RecordHeaders(record.headers()));
        }
        if (!whole) {
            throw new NotReplayableException(letter.getCutBytes() + " bytes of it were cut, and the record is not at "
                    + LetterText.origin(letter) + " (any more)");
        }
        if (letter.getValue() == null) {
            throw new NotReplayableException("it has no value");
        }
        return new Found(LetterText.bytes(letter.getKey()), fromJson(letter, target), headers(letter));
    }

    private Optional<ConsumerRecord<byte[], byte[]>> original(DeadLetter letter) {
        return letter.getTopic() == null || letter.getPartition() == null || letter.getOffset() == null
                ? Optional.empty()
                : lookup.at(letter.getTopic(), letter.getPartition(), letter.getOffset());
    }

    private static Headers headers(DeadLetter letter) {
        RecordHeaders headers = new RecordHeaders();
        letter.getHeaders().forEach((name, value) -> headers.add(name, LetterText.bytes(value)));
        return headers;
    }

    private byte[] fromJson(DeadLetter letter, String target) throws NotReplayableException {
        byte[] json = LetterText.bytes(letter.getValue());
        for (Class<? extends SpecificRecord> type : candidates(target)) {
            Optional<byte[]> value = fromJson(json, type, target);
            if (value.isPresent()) {
                return value.get();
            }
        }
        String beginning = new String(json, 0, Math.min(json.length, SHOWN), StandardCharsets.UTF_8);
        throw new NotReplayableException("its value is no record for topic " + target + ": " + beginning);
    }

    /** The type of the target where a stage has it; of a topic of another name any type may be meant. */
    private static List<Class<? extends SpecificRecord>> candidates(String target) {
        List<Topic<?>> all = StageCatalogue.found().topics();
        List<Topic<?>> named =
                all.stream().filter(topic -> topic.name().equals(target)).toList();
        List<Class<? extends SpecificRecord>> types = new ArrayList<>();
        (named.isEmpty() ? all : named).forEach(topic -> types.add(topic.valueType()));
        return types;
    }

    private <T extends SpecificRecord> Optional<byte[]> fromJson(byte[] json, Class<T> type, String target)
            throws NotReplayableException {
        T record;
        try {
            record = AvroJson.read(json, type);
        } catch (IOException other) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AvroValues<>(type, target, connection.registry()).encode(record));
        } catch (IllegalArgumentException | RegistryException.Rejected refused) {
            throw new NotReplayableException(refused.getMessage());
        }
    }
}
