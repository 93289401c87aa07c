package io.millrace.jobs.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.kafka.Connection;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.IntrusionTopics;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What can be said of a letter's record without asking Kafka. */
class LostRecordTest {
    private static final String FLOWS = IntrusionTopics.FLOWS.name();

    private final LostRecord records =
            new LostRecord(new Connection("127.0.0.1:9", Map.of(), RegistryConfig.at("http://127.0.0.1:9")), null);

    private static DeadLetter.Builder withoutOrigin(String step) {
        return Letters.undecodable()
                .setStep(step)
                .setTopic(null)
                .setPartition(null)
                .setOffset(null);
    }

    @Test
    void whatCouldNotBeDecodedIsInTheLetterByteByByte() throws NotReplayableException {
        LostRecord.Found found = records.of(Letters.undecodable().build(), "flows");
        assertThat(found.key()).asString(StandardCharsets.UTF_8).isEqualTo("10.0.0.1");
        assertThat(found.value()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":1}");
        assertThat(found.headers().lastHeader("trace").value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("abc");
    }

    @Test
    void aRecordWithoutKeyOrValueStaysSo() throws NotReplayableException {
        LostRecord.Found found =
                records.of(Letters.undecodable().setKey(null).setValue(null).build(), "flows");
        assertThat(found.key()).isNull();
        assertThat(found.value()).isNull();
    }

    @Test
    void whatWasCutAndIsNowhereElseCannotBeSent() {
        assertThatThrownBy(
                        () -> records.of(withoutOrigin("decode").setCutBytes(12).build(), "flows"))
                .isInstanceOf(NotReplayableException.class)
                .hasMessage("12 bytes of it were cut, and the record is not at - (any more)");
    }

    @Test
    void aLetterWithoutValueCannotBeSent() {
        assertThatThrownBy(
                        () -> records.of(withoutOrigin("infer").setValue(null).build(), "flows"))
                .isInstanceOf(NotReplayableException.class)
                .hasMessage("it has no value");
    }

    @Test
    void aValueThatIsNoRecordOfTheTopicIsShown() {
        String long85 = "{\"nonsense\":\"" + "x".repeat(100) + "\"}";
        DeadLetter letter =
                withoutOrigin("infer").setValue(Letters.bytes(long85)).build();
        assertThatThrownBy(() -> records.of(letter, FLOWS))
                .isInstanceOf(NotReplayableException.class)
                .hasMessage("its value is no record for topic " + FLOWS + ": " + long85.substring(0, 80));
        assertThatThrownBy(() -> records.of(letter, "a.topic.of.mine"))
                .hasMessageStartingWith("its value is no record for topic a.topic.of.mine: ");
    }

    @Test
    void aRecordIsAsLargeAsAllItsParts() {
        RecordHeaders headers = new RecordHeaders();
        assertThat(new LostRecord.Found(null, new byte[10], headers).bytes()).isEqualTo(10);
        headers.add("four", new byte[5]).add("n", null);
        assertThat(new LostRecord.Found(new byte[3], new byte[10], headers).bytes())
                .isEqualTo(3 + 10 + (4 + 5 + 16) + (1 + 16));
    }
}
