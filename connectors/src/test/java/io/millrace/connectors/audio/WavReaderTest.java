package io.millrace.connectors.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.stream.Stream;

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
                Arguments.of(3, 32, "00000000 0000003f 000080bf 00000040", new float[] {0, 0.5f, -1, 1}),
                Arguments.of(3, 64, "0000000000000000 000000000000e03f 000000000000f0bf 000000000000f07f", new float[] {
                    0, 0.5f, -1, 1
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
                .chunk("LIST", new byte[] {1, 2, 3})
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
    void anEmptyFileIsEmptyWhateverFollows() throws IOException {
        byte[] bytes = new WavBytes(1, 16, 1)
                .data(new byte[0])
                .chunk("LIST", new byte[20])
                .bytes();
        assertThat(Sounds.decode(bytes)[0]).isEmpty();
        assertThat(Sounds.decode(new WavBytes(1, 16, 1).data(new byte[0]).bytes())[0])
                .isEmpty();
    }

    @Test
    void truncatedDataGiveWhatIsThereAndThenSayWhere() throws IOException {
        byte[] bytes = new WavBytes(1, 16, 1).declaring(100).data(FOUR_SAMPLES).bytes();
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(bytes))) {
            assertThat(reader.next()[0]).containsExactly(THEIR_VALUES);
            assertThatThrownBy(reader::next)
                    .isInstanceOf(AudioFormatException.class)
                    .hasMessage("truncated: the WAV data at byte 44 end at byte 52 after 4 of 50 samples");
        }
        byte[] cut =
                new WavBytes(1, 16, 1).sizes(0, 0).data(new byte[] {0, 0x40, 1}).bytes();
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(cut))) {
            assertThat(reader.next()[0]).containsExactly(0.5f);
            assertThatThrownBy(reader::next)
                    .isInstanceOf(AudioFormatException.class)
                    .hasMessageContaining("at byte 47 within a sample");
        }
    }

    @Test
    @Timeout(10)
    void aPipeIsReadWhileItIsWritten() throws IOException {
        try (PipedOutputStream writer = new PipedOutputStream();
                PipedInputStream pipe = new PipedInputStream(writer, 1 << 16)) {
            writer.write(new WavBytes(1, 16, 1).sizes(0, 0).data(new byte[640]).bytes());
            writer.flush();
            AudioReader reader = AudioReader.open(pipe);
            assertThat(reader.next()[0]).hasSize(320);
            writer.write(new byte[640]);
            writer.flush();
            assertThat(reader.next()[0]).hasSize(320);
        }
    }

    @Test
    void wrongHeadersAreRefusedByName() {
        assertRefused(new WavBytes(0x11, 4, 1).data(FOUR_SAMPLES), "IMA ADPCM");
        assertRefused(new WavBytes(1, 64, 1).data(FOUR_SAMPLES), "samples of 64 bits in coding 0x0001 (PCM)");
        assertRefused(new WavBytes(1, 16, 0).data(FOUR_SAMPLES), "0 channels");
        assertRefused(new WavBytes(1, 16, 1).rate(0).data(FOUR_SAMPLES), "sample rate 0");
        assertRefused(new WavBytes(1, 16, 1), "ends at byte 36 without data");
        assertRefused(new WavBytes(3, 32, 1).data(WavBytes.hex("0000c07f")), "sample 0 is not a number (byte 44)");
    }

    private static void assertRefused(WavBytes wav, String message) {
        assertThatThrownBy(() -> Sounds.decode(wav.bytes()))
                .isInstanceOf(AudioFormatException.class)
                .hasMessageContaining(message);
    }
}
