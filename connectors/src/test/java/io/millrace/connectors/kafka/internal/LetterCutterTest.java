package io.millrace.connectors.kafka.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import io.millrace.connectors.registry.FakeRegistryClient;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LetterCutterTest {
    private static final int TAKEN = 1 << 20;

    private final RecordEncoder<DeadLetter> encoder =
            new RecordEncoder<>(DeadLetter.class, "dlq", new FakeRegistryClient().registry());

    private static DeadLetter letter(int key, int value, String message, Map<String, ByteBuffer> headers) {
        byte[] bytes = new byte[value];
        new Random(1).nextBytes(bytes);
        return DeadLetter.newBuilder()
                .setStage("intrusion")
                .setStep("decode")
                .setReason(DeadLetterReason.NOT_AVRO)
                .setMessage(message)
                .setTopic("flows")
                .setPartition(1)
                .setOffset(2L)
                .setFailedTime(Instant.EPOCH)
                .setKey(ByteBuffer.wrap(new byte[key]))
                .setValue(ByteBuffer.wrap(bytes))
                .setHeaders(headers)
                .build();
    }

    private int size(DeadLetter letter) {
        return letter.getKey().remaining() + encoder.encode(letter).length;
    }

    @Test
    void aLargeValueIsCutAndTheLetterSaysHowLongItWas() {
        DeadLetter whole = letter(3, 1_048_400, "no Avro", Map.of());
        DeadLetter cut = LetterCutter.cut(whole, TAKEN);
        assertThat(size(cut)).isBetween(TAKEN - 2048, TAKEN);
        assertThat(cut.getValueBytes()).isEqualTo(1_048_400);
        assertThat(cut.getCutBytes())
                .isEqualTo(1_048_400 - cut.getValue().remaining())
                .isPositive();
        assertThat(whole.getValue().slice(0, cut.getValue().remaining())).isEqualTo(cut.getValue());
        assertThat(cut.getKey()).isEqualTo(whole.getKey());
        assertThat(cut.getMessage()).isEqualTo("no Avro");
        assertThat(cut.getOffset()).isEqualTo(2L);
    }

    @Test
    void whateverIsLargeTheLetterFits() {
        for (int taken : new int[] {2048, 10_000, TAKEN}) {
            for (int large : new int[] {1000, 100_000, 3_000_000}) {
                Map<String, ByteBuffer> headers = new LinkedHashMap<>();
                headers.put("trace", ByteBuffer.wrap(new byte[] {1, 2}));
                headers.put("large", ByteBuffer.wrap(new byte[large]));
                headers.put("n".repeat(large), ByteBuffer.wrap(new byte[1]));
                DeadLetter whole = letter(large, large, "ü".repeat(large), headers);
                DeadLetter cut = LetterCutter.cut(whole, taken);
                assertThat(size(cut)).isLessThanOrEqualTo(taken);
                long lost = lengths(whole) - lengths(cut);
                assertThat(cut.getCutBytes()).isEqualTo(lost);
            }
        }
    }

    private static long lengths(DeadLetter letter) {
        long headers = letter.getHeaders().entrySet().stream()
                .mapToLong(
                        header -> header.getKey().length() + header.getValue().remaining())
                .sum();
        return letter.getKey().remaining()
                + letter.getValue().remaining()
                + letter.getMessage().getBytes(StandardCharsets.UTF_8).length
                + headers;
    }

    @Test
    void aLetterWithoutKeyAndValueIsCutToo() {
        DeadLetter bare = letter(0, 0, "m".repeat(50_000), Map.of());
        bare.setKey(null);
        bare.setValue(null);
        DeadLetter cut = LetterCutter.cut(bare, 10_000);
        assertThat(encoder.encode(cut).length).isLessThan(10_000);
        assertThat(cut.getValue()).isNull();
        assertThat(cut.getValueBytes()).isNull();
    }
}
