package io.millrace.models.checkpoint;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Damages bytes by a fixed seed, to try readers with. */
public final class Damage {

    private static final long SEED = 20240719;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private Damage() {}

    /** A reader under test. */
    public interface Reader {
        void read(byte[] bytes) throws IOException;
    }

    /** Whatever bytes change, the reader returns or refuses: no other error, no hang, no exhausted memory. */
    public static void assertSurvives(byte[] whole, int rounds, Reader reader) {
        assertTimeoutPreemptively(LIMIT, () -> {
            Random random = new Random(SEED);
            int refused = 0;
            for (int round = 0; round < rounds; round++) {
                byte[] bytes = damaged(whole, random);
                try {
                    reader.read(bytes);
                } catch (IllegalArgumentException | IOException e) {
                    refused++;
                } catch (Throwable e) {
                    throw new AssertionError("round " + round, e);
                }
            }
            assertThat(refused).isBetween(rounds / 20, rounds);
        });
    }

    /** A few bytes changed to anything or to values that matter, and now and then an end or a piece missing. */
    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int i = random.nextInt(8); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = switch (random.nextInt(4)) {
                case 0 -> (byte) 0xff;
                case 1 -> bytes[random.nextInt(bytes.length)];
                case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                default -> (byte) random.nextInt();
            };
        }
        if (random.nextInt(8) == 0) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        if (random.nextInt(8) == 0) {
            int from = random.nextInt(bytes.length);
            int to = random.nextInt(bytes.length);
            int length = Math.min(random.nextInt(64), bytes.length - Math.max(from, to));
            System.arraycopy(whole, from, bytes, to, length);
        }
        return bytes;
    }
}
