package io.millrace.jobs.deadletter;

import java.nio.ByteBuffer;
import java.util.Map;

import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.deadletter.LetterValue.Form;
import io.millrace.jobs.kafka.Connection;
import io.millrace.schemas.DeadLetter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LetterValueTest {
    /** Nobody is there: what needs the registry cannot be shown as JSON. */
    private final LetterValue values =
            new LetterValue(new Connection("127.0.0.1:9", Map.of(), RegistryConfig.at("http://127.0.0.1:9")));

    private String shown(ByteBuffer value, Form form) {
        DeadLetter letter = Letters.undecodable().setValue(value).build();
        return values.text(letter, form);
    }

    @Test
    void theFirstFormThatFitsIsTaken() {
        assertThat(shown(Letters.bytes("{\"a\":[1,2]}"), Form.AUTO).replaceAll("\\s+", " "))
                .isEqualTo("{ \"a\" : [ 1, 2 ] }");
        assertThat(shown(Letters.bytes("{not json"), Form.AUTO)).isEqualTo("{not json");
        assertThat(shown(Letters.bytes("plain"), Form.AUTO)).isEqualTo("plain");
        assertThat(shown(Letters.bytes(""), Form.AUTO)).isEmpty();
        assertThat(shown(ByteBuffer.wrap(new byte[] {(byte) 0xff, 1}), Form.AUTO))
                .startsWith("00000000  ff 01 ");
    }

    @Test
    void aFormThatIsAskedForIsTakenOrRefused() {
        assertThat(shown(Letters.bytes("{\"a\":1}"), Form.TEXT)).isEqualTo("{\"a\":1}");
        assertThat(shown(Letters.bytes("AB"), Form.HEX)).startsWith("00000000  41 42 ");
        assertThatThrownBy(() -> shown(Letters.bytes("plain"), Form.JSON))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the value cannot be shown as json; --as hex can");
        assertThatThrownBy(() -> shown(ByteBuffer.wrap(new byte[] {7}), Form.TEXT))
                .hasMessage("the value cannot be shown as text; --as hex can");
    }

    @Test
    void aKeyOrHeaderIsOneLine() {
        assertThat(LetterValue.oneLine(Letters.bytes("a\n\tb"))).isEqualTo("a b");
        assertThat(LetterValue.oneLine(ByteBuffer.wrap(new byte[] {0, 16}))).isEqualTo("0x0010");
    }
}
