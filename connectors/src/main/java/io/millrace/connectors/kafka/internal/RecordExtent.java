package io.millrace.connectors.kafka.internal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

import io.millrace.schemas.RecordLimits;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** Finds the field of a record that is longer than the limits allow. */
final class RecordExtent {
    private final RecordLimits limits;

    RecordExtent(RecordLimits limits) {
        this.limits = limits;
    }

    /** What is too long, with the path of its field; empty if nothing is. */
    Optional<String> excess(IndexedRecord record) {
        return of(record, "");
    }

    private Optional<String> of(IndexedRecord record, String path) {
        for (Schema.Field field : record.getSchema().getFields()) {
            Optional<String> excess =
                    of(record.get(field.pos()), path.isEmpty() ? field.name() : path + "." + field.name());
            if (excess.isPresent()) {
                return excess;
            }
        }
        return Optional.empty();
    }

    private Optional<String> of(Object value, String path) {
        if (value instanceof CharSequence text) {
            return ofText(text, path);
        }
        if (value instanceof IndexedRecord record) {
            return of(record, path);
        }
        if (value instanceof Map<?, ?> map) {
            return entries(map.size(), path)
                    .or(() -> firstOf(map.keySet(), "a key of " + path))
                    .or(() -> firstOf(map.values(), path));
        }
        return value instanceof Collection<?> list
                ? entries(list.size(), path).or(() -> firstOf(list, path))
                : Optional.empty();
    }

    private Optional<String> firstOf(Collection<?> values, String path) {
        return values.stream().flatMap(value -> of(value, path).stream()).findFirst();
    }

    private Optional<String> entries(int count, String path) {
        return count > limits.items()
                ? Optional.of(path + " has " + count + " entries, more than the limit of " + limits.items())
                : Optional.empty();
    }

    private Optional<String> ofText(CharSequence text, String path) {
        int bytes = Utf8Text.bytes(text);
        return bytes > limits.textBytes()
                ? Optional.of(path + " has " + bytes + " bytes of text, more than the limit of " + limits.textBytes())
                : Optional.empty();
    }
}
