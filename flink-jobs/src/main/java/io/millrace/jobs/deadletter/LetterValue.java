package io.millrace.jobs.deadletter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.kafka.RawAvro;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.jobs.kafka.Connection;
import io.millrace.schemas.DeadLetter;

/** Shows the value of a letter: JSON, text or bytes, whichever it is. */
public final class LetterValue {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;

    /** How a value is shown. */
    public enum Form {
        /** The first of the others that fits. */
        AUTO,
        /** JSON; Avro as its registered schema reads it. */
        JSON,
        /** Text in UTF-8. */
        TEXT,
        /** Bytes in hexadecimal digits. */
        HEX
    }

    /** Asks the registry for the schemas of values in Avro. */
    public LetterValue(Connection connection) {
        this.connection = connection;
    }

    /**
     * The value of a letter that has one.
     *
     * @throws IllegalStateException if it is not of this form
     */
    public String text(DeadLetter letter, Form form) {
        ByteBuffer value = letter.getValue();
        Optional<String> shown =
                switch (form) {
                    case AUTO ->
                        json(value).or(() -> LetterText.text(value)).or(() -> Optional.of(LetterText.hex(value)));
                    case JSON -> json(value);
                    case TEXT -> LetterText.text(value);
                    case HEX -> Optional.of(LetterText.hex(value));
                };
        return shown.orElseThrow(() -> new IllegalStateException(
                "the value cannot be shown as " + form.name().toLowerCase(java.util.Locale.ROOT) + "; --as hex can"));
    }

    private Optional<String> json(ByteBuffer value) {
        byte[] bytes = LetterText.bytes(value);
        try {
            if (bytes.length > 0 && bytes[0] == '{') {
                return Optional.of(pretty(bytes));
            }
            Optional<byte[]> avro = RawAvro.json(bytes, connection.registry());
            return avro.isPresent() ? Optional.of(pretty(avro.get())) : Optional.empty();
        } catch (IOException | RegistryException none) {
            return Optional.empty();
        }
    }

    private static String pretty(byte[] json) throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(json));
    }

    /** Bytes in one line: as text, or in hexadecimal digits. */
    public static String oneLine(ByteBuffer bytes) {
        return LetterText.text(bytes)
                .map(text -> text.replaceAll("\\s+", " "))
                .orElseGet(() -> "0x" + HexFormat.of().formatHex(LetterText.bytes(bytes)));
    }
}
