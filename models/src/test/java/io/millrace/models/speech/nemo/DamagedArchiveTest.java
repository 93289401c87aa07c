package io.millrace.models.speech.nemo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Whatever bytes change, a reader returns or refuses: no other error, no hang, no exhausted memory. */
class DamagedArchiveTest {

    private static final long SEED = 20240719;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    private interface Reader {
        void read(byte[] bytes) throws IOException;
    }

    private static void assertSurvives(byte[] whole, int rounds, Reader reader) {
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

    private void readArchive(byte[] bytes) throws IOException {
        NemoArchive archive = NemoArchive.read(Files.write(folder.resolve("model.nemo"), bytes));
        archive.tokenizer();
    }

    @Test
    void anArchive() {
        assertSurvives(SyntheticNemo.tar(SyntheticNemo.members()), 3000, this::readArchive);
    }

    @Test
    void aCompressedArchive() {
        assertSurvives(SyntheticNemo.gzip(SyntheticNemo.tar(SyntheticNemo.members())), 3000, this::readArchive);
    }

    @Test
    void aCheckpoint() {
        assertSurvives(
                SyntheticNemo.smallCheckpoint(),
                6000,
                bytes -> TorchCheckpoint.read(new SeekableInMemoryByteChannel(bytes)));
    }

    @Test
    void aPickle() {
        byte[] checkpoint = SyntheticNemo.smallCheckpoint();
        int start = indexOf(checkpoint, (byte) 0x80, (byte) 2, (byte) 'c');
        int end = indexOf(checkpoint, (byte) 'u', (byte) 'b', (byte) '.') + 3;
        assertSurvives(Arrays.copyOfRange(checkpoint, start, end), 20_000, TorchPickle::read);
    }

    @Test
    void aConfiguration() {
        Map<String, byte[]> members = SyntheticNemo.members();
        assertSurvives(members.get("./model_config.yaml"), 5000, bytes -> NemoConfig.parse(ByteBuffer.wrap(bytes)));
    }

    @Test
    void aTokenizer() {
        for (byte[] model : new byte[][] {SyntheticPieces.unigram(), SyntheticPieces.bpe(true)}) {
            assertSurvives(model, 5000, bytes -> {
                SentencePieceModel pieces = SentencePieceModel.parse(ByteBuffer.wrap(bytes));
                pieces.decode(pieces.encode("the tenth, \u00e9 <x> \ud83d then"));
            });
        }
    }

    private static int indexOf(byte[] bytes, byte... part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
