package io.millrace.jobs.deadletter;

import java.io.IOException;
import java.nio.ByteBuffer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Letters as people and programs read them. */
class LetterTextTest {
    private static final LetterAddress PLACE = new LetterAddress(0, 5);

    @Test
    void aLineHasPlaceTimeStepReasonOriginKeyAndTheFirstLineOfTheMessage() {
        assertThat(LetterText.line(PLACE, Letters.undecodable().build()))
                .isEqualTo("0:5      2026-01-05T09:00:00Z  intrusion/decode NOT_AVRO  from flows/2@17  key 10.0.0.1"
                        + "  no magic byte");
    }

    @Test
    void whatIsNotKnownIsADashAndWhatWasCutIsSaid() {
        DeadLetter letter = Letters.undecodable()
                .setTopic(null)
                .setPartition(null)
                .setOffset(null)
                .setKey(null)
                .setCutBytes(99)
                .setMessage("")
                .build();
        assertThat(LetterText.line(PLACE, letter)).endsWith("  from -  key -  (99 bytes cut)  ");
    }

    @Test
    void anOriginIsAsFarAsItIsKnown() {
        assertThat(LetterText.origin(Letters.undecodable().setOffset(null).build()))
                .isEqualTo("flows/2");
        assertThat(LetterText.origin(
                        Letters.undecodable().setOffset(null).setPartition(null).build()))
                .isEqualTo("flows");
    }

    @Test
    void aKeyThatIsNoTextIsHexadecimalAndALongOneIsCut() {
        ByteBuffer key = ByteBuffer.wrap(new byte[] {0, (byte) 0xff});
        assertThat(LetterText.line(PLACE, Letters.undecodable().setKey(key).build()))
                .contains("  key 0x00ff  ");
        assertThat(LetterText.line(
                        PLACE,
                        Letters.undecodable()
                                .setKey(Letters.bytes("k".repeat(41)))
                                .build()))
                .contains("  key " + "k".repeat(40) + "...  ");
        assertThat(LetterText.line(
                        PLACE,
                        Letters.undecodable()
                                .setKey(Letters.bytes("k".repeat(40)))
                                .build()))
                .contains("  key " + "k".repeat(40) + "  ");
    }

    @Test
    void aTextIsUtf8WithoutControlCharacters() {
        assertThat(LetterText.text(Letters.bytes("größe\t1\n"))).contains("größe\t1\n");
        assertThat(LetterText.text(Letters.bytes("bell\u0007"))).isEmpty();
        assertThat(LetterText.text(ByteBuffer.wrap(new byte[] {(byte) 0xc3}))).isEmpty();
        ByteBuffer twice = Letters.bytes("x");
        LetterText.text(twice);
        assertThat(LetterText.text(twice)).as("reading does not use it up").contains("x");
    }

    @Test
    void bytesAreSixteenALineWithTheirPlace() {
        byte[] bytes = new byte[18];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('A' + i);
        }
        bytes[1] = 0;
        bytes[17] = (byte) 0xfe;
        assertThat(LetterText.hex(ByteBuffer.wrap(bytes)).lines())
                .containsExactly(
                        "00000000  41 00 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50  A.CDEFGHIJKLMNOP",
                        "00000010  51 fe" + " ".repeat(43) + " Q.");
    }

    @Test
    void anObjectHasEveryPartButTheValue() throws IOException {
        JsonNode line = new ObjectMapper()
                .readTree(LetterJson.line(
                        PLACE, Letters.undecodable().setCutBytes(3).build()));
        assertThat(line.get("letter").asText()).isEqualTo("0:5");
        assertThat(line.get("failed_time").asText()).isEqualTo("2026-01-05T09:00:00Z");
        assertThat(line.get("stage").asText()).isEqualTo("intrusion");
        assertThat(line.get("step").asText()).isEqualTo("decode");
        assertThat(line.get("reason").asText()).isEqualTo("NOT_AVRO");
        assertThat(line.get("message").asText()).isEqualTo("no magic byte\nfound 0x7b");
        assertThat(line.get("topic").asText()).isEqualTo("flows");
        assertThat(line.get("partition").asInt()).isEqualTo(2);
        assertThat(line.get("offset").asLong()).isEqualTo(17);
        assertThat(line.get("value_bytes").asLong()).isEqualTo(7);
        assertThat(line.get("cut_bytes").asLong()).isEqualTo(3);
        assertThat(line.get("key").asText()).isEqualTo("10.0.0.1");
        assertThat(line.has("key_base64")).isFalse();
        assertThat(line.has("value")).isFalse();
    }

    @Test
    void anObjectOfALetterWithoutMuchHasNulls() throws IOException {
        DeadLetter letter = Letters.undecodable()
                .setTopic(null)
                .setPartition(null)
                .setOffset(null)
                .setValue(null)
                .setKey(ByteBuffer.wrap(new byte[] {0, 1}))
                .build();
        JsonNode line = new ObjectMapper().readTree(LetterJson.line(PLACE, letter));
        assertThat(line.get("topic").isNull()).isTrue();
        assertThat(line.get("offset").isNull()).isTrue();
        assertThat(line.get("value_bytes").isNull()).isTrue();
        assertThat(line.get("key_base64").asText()).isEqualTo("AAE=");
        letter.setValueBytes(1000L);
        assertThat(new ObjectMapper()
                        .readTree(LetterJson.line(PLACE, letter))
                        .get("value_bytes")
                        .asLong())
                .as("what the value had before it was cut")
                .isEqualTo(1000);
    }

    @Test
    void aFilterLetsThroughWhatAllItsPartsAllow() {
        DeadLetter letter = Letters.undecodable().build();
        assertThat(new LetterFilter(null, null, null, null)).accepts(letter);
        assertThat(new LetterFilter(DeadLetterReason.NOT_AVRO, "decode", "flows", Letters.TIME))
                .accepts(letter);
        assertThat(new LetterFilter(DeadLetterReason.LATE, null, null, null)).rejects(letter);
        assertThat(new LetterFilter(null, "late", null, null)).rejects(letter);
        assertThat(new LetterFilter(null, null, "audio", null)).rejects(letter);
        assertThat(new LetterFilter(null, null, null, Letters.TIME.plusMillis(1)))
                .rejects(letter);
        assertThat(new LetterFilter(null, null, "flows", null))
                .rejects(Letters.undecodable().setTopic(null).build());
    }

    @Test
    void anAddressIsPartitionAndOffset() {
        assertThat(LetterAddress.parse("3:170000000000")).isEqualTo(new LetterAddress(3, 170_000_000_000L));
        assertThat(new LetterAddress(3, 17)).hasToString("3:17");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "17", "0:", ":1", "0:1:2", "-1:2", "0:-2", "a:b", "9999999999:1", "0:9999999999999999999"})
    void whatIsNoAddressIsSaid(String wrong) {
        assertThatThrownBy(() -> LetterAddress.parse(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a letter is named PARTITION:OFFSET as list shows it, got " + wrong);
    }

    @Test
    void aStageStandsForItsTopicOfDeadLetters() {
        assertThat(LetterTopic.named("intrusion")).isEqualTo("millrace.intrusion.dlq");
        assertThat(LetterTopic.named("my.own.dlq")).isEqualTo("my.own.dlq");
    }
}
