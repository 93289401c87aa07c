package io.millrace.connectors.media;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Files that were right once: number i of a seed is always the same. */
final class Mutation {
    private final List<String> names = Fixtures.names();
    private final long seed;

    Mutation(long seed) {
        this.seed = seed;
    }

    /** The name of the file of which number i is made. */
    String name(long number) {
        return names.get((int) (number % names.size()));
    }

    /** The bytes of number i. */
    byte[] bytes(long number) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        byte[] bytes = Fixtures.bytes(name(number));
        for (int times = 1 + random.nextInt(6); times > 0 && bytes.length > 8; times--) {
            bytes = changed(bytes, random);
        }
        if (random.nextBoolean()) {
            OggBytes.repairChecksums(bytes); // or else no change would reach the decoder
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, SplittableRandom random) {
        // Headers decide more than samples do.
        int at = random.nextInt(random.nextBoolean() ? Math.min(bytes.length - 4, 200) : bytes.length - 4);
        switch (random.nextInt(8)) {
            case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) random.nextInt(256);
            case 3 -> Arrays.fill(bytes, at, at + 4, (byte) (random.nextBoolean() ? 0xff : 0));
            case 4 -> {
                return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at + 1) : bytes;
            }
            case 5 -> {
                int from = random.nextInt(bytes.length);
                int length = Math.min(1 + random.nextInt(64), bytes.length - Math.max(from, at));
                System.arraycopy(bytes, from, bytes, at, length);
            }
            case 6 -> {
                byte[] twice = Arrays.copyOf(bytes, Math.min(2 * bytes.length - at, 1 << 16));
                System.arraycopy(bytes, at, twice, bytes.length, twice.length - bytes.length);
                return twice;
            }
            default -> {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(16));
                byte[] less = Arrays.copyOf(bytes, bytes.length - length);
                System.arraycopy(bytes, at + length, less, at, bytes.length - at - length);
                return less;
            }
        }
        return bytes;
    }
}
