package io.millrace.connectors.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Small valid files, changed at random: nothing but the declared error may come out, and soon. */
class AudioFuzzTest {
    private static final int ROUNDS = 1500;

    private final PrintStream out = System.out;

    @BeforeEach
    void muteTheFlacDecoder() {
        System.setOut(new PrintStream(OutputStream.nullOutputStream())); // it prints of every partition it finds odd
    }

    @AfterEach
    void unmute() {
        System.setOut(out);
    }

    static Stream<String> files() {
        return Stream.concat(Sounds.FILES.stream(), Stream.of("wav 16", "wav float", "wav extensible"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void changedFilesDecodeOrAreRefused(String file) {
        byte[] seed = seed(file);
        SplittableRandom random = new SplittableRandom(file.hashCode());
        int[] outcomes = new int[2];
        assertTimeoutPreemptively(Duration.ofSeconds(120), () -> {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] changed = changed(seed, random);
                if (i % 2 == 0) {
                    OggBytes.repairChecksums(changed); // or else no change would reach the decoder
                }
                outcomes[decodes(changed, file + ", round " + i) ? 0 : 1]++;
            }
        });
        assertThat(outcomes[0]).isPositive();
        assertThat(outcomes[1]).isPositive();
    }

    private static boolean decodes(byte[] bytes, String what) {
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(bytes))) {
            for (float[][] block = reader.next(); block != null; block = reader.next()) {
                assertThat(block).hasNumberOfRows(reader.format().channels());
                for (float[] channel : block) {
                    for (float sample : channel) {
                        if (!(Math.abs(sample) <= 1)) {
                            throw new AssertionError(what + " gives " + sample);
                        }
                    }
                }
            }
            return true;
        } catch (AudioFormatException e) {
            assertThat(e.getMessage()).as(what).isNotBlank();
            return false;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw new AssertionError(what, e);
        }
    }

    private static byte[] changed(byte[] seed, SplittableRandom random) {
        byte[] bytes = seed.clone();
        for (int times = 1 + random.nextInt(4); times > 0 && bytes.length > 8; times--) {
            // Headers decide more than samples do.
            int at = random.nextInt(random.nextBoolean() ? Math.min(bytes.length - 4, 200) : bytes.length - 4);
            switch (random.nextInt(7)) {
                case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) random.nextInt(256);
                case 3 -> Arrays.fill(bytes, at, at + 4, (byte) (random.nextBoolean() ? 0xff : 0));
                case 4 -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at + 1) : bytes;
                case 5 -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(1 + random.nextInt(64), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
                default -> {
                    int length = Math.min(bytes.length - at, 1 + random.nextInt(16));
                    byte[] less = Arrays.copyOf(bytes, bytes.length - length);
                    System.arraycopy(bytes, at + length, less, at, bytes.length - at - length);
                    bytes = less;
                }
            }
        }
        return bytes;
    }

    private static byte[] seed(String file) {
        return switch (file) {
            case "wav 16" ->
                new WavBytes(1, 16, 1)
                        .chunk("LIST", new byte[11])
                        .data(new byte[2000])
                        .bytes();
            case "wav float" -> new WavBytes(3, 32, 2).data(new byte[2000]).bytes();
            case "wav extensible" ->
                new WavBytes(1, 24, 1).extensible().data(new byte[1500]).bytes();
            default -> Sounds.file(file);
        };
    }
}
