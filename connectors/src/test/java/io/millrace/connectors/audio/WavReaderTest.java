package io.millrace.connectors.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.stream.Stream;

import io.millrace.connectors.media.MediaFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WavReaderTest {
    private static final byte[] FOUR_SAMPLES = {0, 0, 0, 0x40, 0, (byte) 0x80, (byte) 0xff, 0x7f};
    private static final float[] THEIR_VALUES = {0, 0.5f, -1, 32767 / 32768f};

    static Stream<Arguments> codings() {
        return Stream.of(
                Arguments.of(1, 8, "80 c0 00 ff", new float[] {0, 0.5f, -1, 127 / 128f}),
                Arguments.of(1, 16, "0000 0040 0080 ff7f", THEIR_VALUES),
                Arguments.of(1, 12, "0000 0040 0080 f07f", new float[] {0, 0.5f, -1, 32752 / 32768f}),
                Arguments.of(1, 24, "000000 000040 000080 ffff7f 010000", new float[] {
                    0, 0.5f, -1, 8_388_607 / 8_388_608f, 1 / 8_388_608f
                }),
                Arguments.of(1, 24, "ffffff", new float[] {-1 / 8_388_608f}),
                Arguments.of(1, 32, "00000000 00000040 00000080 0000007f", new float[] {0, 0.5f, -1, 127 / 128f}),
                Arguments.of(3, 32, "00000000 0000003f 000080bf 00000040", new float[] {0, 0.5f, -1, 2}),
                Arguments.of(3, 64, "0000000000000000 000000000000e03f 000000000000f0bf 0000000000000840", new float[] {
                    0, 0.5f, -1, 3
                }),
                Arguments.of(7, 8, "ff 7f 80 00", new float[] {0, 0, 32124 / 32768f, -32124 / 32768f}),
                Arguments.of(
                        6, 8, "d5 55 aa 2a", new float[] {8 / 32768f, -8 / 32768f, 32256 / 32768f, -32256 / 32768f}));
    }

    @ParameterizedTest(name = "coding {0}, {1} bits")
    @MethodSource("codings")
    void everyCodingGivesItsValues(int tag, int bits, String data, float[] expected) throws IOException {
        byte[] bytes = WavBytes.hex(data);
        assertThat(Sounds.decode(new WavBytes(tag, bits, 1).data(bytes).bytes())[0])
                .containsExactly(expected);
        assertThat(
                        Sounds.decode(new WavBytes(tag, bits, 1)
                                .extensible()
                                .data(bytes)
                                .bytes())[0])
                .containsExactly(expected);
    }

    @Test
    void channelsAreTakenApart() throws IOException {
        float[][] samples =
                Sounds.decode(new WavBytes(1, 16, 2).data(FOUR_SAMPLES).bytes());
        assertThat(samples).isDeepEqualTo(new float[][] {{0, -1}, {0.5f, 32767 / 32768f}});
    }

    @Test
    void chunksOfOddSizeAndChunksBehindAreReadOver() throws IOException {
        byte[] bytes = new WavBytes(1, 16, 1)
                .chunk("LIST", new byte[] {1, 2, 3, 4, 5})
                .chunk("fact", new byte[4])
                .data(FOUR_SAMPLES)
                .chunk("junk", new byte[] {9})
                .bytes();
        assertThat(Sounds.decode(bytes)[0]).containsExactly(THEIR_VALUES);
        byte[] odd = new WavBytes(1, 8, 1)
                .data(new byte[] {(byte) 0xc0})
                .chunk("id3 ", new byte[50])
                .bytes();
        assertThat(Sounds.decode(odd)[0]).containsExactly(0.5f);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xffff_ffffL, 0x7fff_f000L, 0x7fff_ffffL})
    void sizesThatAWriterToAPipeLeavesMeanAllThereIs(long size) throws IOException {
        byte[] bytes =
                new WavBytes(1, 16, 1).sizes(size, size).data(FOUR_SAMPLES).bytes();
        assertThat(Sounds.decode(bytes)[0]).containsExactly(THEIR_VALUES);
    }

    @Test
    void anEmptyFileIsEmpty() throws IOException {
        assertThat(Sounds.decode(new WavBytes(1, 16, 1).data(new byte[0]).bytes())[0])
                .isEmpty();
    }

    @Test
    void truncatedDataGiveWhatIsThereAndThenSayWhere() throws IOException {
        byte[] bytes = new WavBytes(1, 16, 1).declaring(100).data(FOUR_SAMPLES).bytes();
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(bytes))) {
            assertThat(Sounds.rest(reader)[0]).containsExactly(THEIR_VALUES);
            assertThat(reader.damage().lines())
                    .containsExactly("damaged: byte 52, at 0.000 s: truncated: the data end after 8 of 100 bytes");
        }
    }

    @Test
    void aTagInFrontIsReadOver() throws IOException {
        byte[] wav = new WavBytes(1, 16, 1).data(FOUR_SAMPLES).bytes();
        byte[] tagged = new byte[20 + wav.length];
        System.arraycopy(new byte[] {'I', 'D', '3', 4, 0, 0, 0, 0, 0, 10}, 0, tagged, 0, 10);
        System.arraycopy(wav, 0, tagged, 20, wav.length);
        assertThat(Sounds.decode(tagged)[0]).containsExactly(THEIR_VALUES);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // native code takes no notice of an interrupt
    void aPipeIsReadWhileItIsWritten() throws IOException {
        try (PipedOutputStream writer = new PipedOutputStream();
                PipedInputStream pipe = new PipedInputStream(writer, 1 << 16)) {
            writer.write(new WavBytes(1, 16, 1).sizes(0, 0).data(new byte[640]).bytes());
            writer.flush();
            AudioReader reader = AudioReader.open(pipe);
            assertThat(reader.next()[0]).hasSize(320);
            for (int bytes : new int[] {640, 2, 64, 1, 5000}) {
                writer.write(new byte[bytes]);
                writer.flush();
                if (bytes == 1) { // half a sample waits for its other half
                    writer.write(0);
                    writer.flush();
                }
                for (int samples = 0; samples < (bytes + 1) / 2; ) {
                    samples += reader.next()[0].length;
                }
            }
            writer.close();
            assertThat(reader.next()).isNull();
            assertThat(reader.damage().lines()).isEmpty();
        }
    }

    @Test
    void wrongHeadersAreRefused() {
        assertRefused(new WavBytes(1, 64, 0).data(FOUR_SAMPLES), "");
        assertRefused(new WavBytes(1, 16, 1).rate(0).data(FOUR_SAMPLES), "");
        assertRefused(new WavBytes(0x9999, 16, 1).data(FOUR_SAMPLES), "is not read");
        assertRefused(new WavBytes(1, 16, 1).rate(800_000).data(FOUR_SAMPLES), "1 channels at 800000 Hz");
        assertRefused(new WavBytes(1, 16, 33).data(new byte[660]), "33 channels at 16000 Hz");
    }

    private static void assertRefused(WavBytes wav, String message) {
        assertThatThrownBy(() -> Sounds.decode(wav.bytes()))
                .isInstanceOf(MediaFormatException.class)
                .hasMessageContaining(message);
    }
}
