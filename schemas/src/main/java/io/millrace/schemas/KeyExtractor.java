package io.millrace.schemas;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import org.apiguardian.api.API;

/**
 * Takes the key of a topic's record out of its value.
 *
 * @param <T> type of the values
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
@FunctionalInterface
public interface KeyExtractor<T> extends Serializable {
    /** The key in bytes, or null for none. */
    byte[] keyOf(T value);

    /** A function that can travel to the cluster. */
    @FunctionalInterface
    interface TextOf<T> extends Function<T, String>, Serializable {}

    /** A key of text, written in UTF-8. */
    static <T> KeyExtractor<T> text(TextOf<T> text) {
        return value -> {
            String key = text.apply(value);
            return key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        };
    }
}
