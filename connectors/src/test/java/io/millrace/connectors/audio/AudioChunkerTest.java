package io.millrace.connectors.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.media.MediaFormatException;
import io.millrace.connectors.media.MediaLimits;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AudioChunkerTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 20, 80, 100, 500, 3000})
    void theChunksOfAChannelAreTheChannel(int millis) throws IOException {
        byte[] file = Sounds.file("tone-44k-stereo-24bit.flac");
        float[][] expected = Sounds.decode(file);
        List<AudioChunk> chunks = chunks(file, millis, AudioEncoding.PCM_F32LE);
        for (int channel = 0; channel < 2; channel++) {
            long offset = 0;
            long sequence = 0;
            for (AudioChunk chunk : of(channel, chunks)) {
                assertThat(chunk.getSequence()).isEqualTo(sequence++);
                assertThat(chunk.getSampleOffset()).isEqualTo(offset);
                assertThat(chunk.getSampleRate()).isEqualTo(44_100);
                assertThat(chunk.getChannelCount()).isEqualTo(2);
                assertThat(chunk.getEventTime()).isEqualTo(START.plusMillis(offset * 1000 / 44_100));
                ByteBuffer data = chunk.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
                while (data.hasRemaining()) {
                    assertThat(data.getFloat()).isEqualTo(expected[channel][(int) offset++]);
                }
                assertThat(chunk.getEndOfStream()).isEqualTo(offset == expected[channel].length);
            }
            assertThat(offset).isEqualTo(expected[channel].length);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "159, 1", "160, 1", "161, 2", "320, 2", "321, 3"})
    void aStreamEndsOnceWhateverItsLength(int samples, int count) throws IOException {
        byte[] wav = new WavBytes(1, 16, 1).data(new byte[2 * samples]).bytes();
        List<AudioChunk> chunks = chunks(wav, 10, AudioEncoding.PCM_S16LE);
        assertThat(chunks).hasSize(count);
        assertThat(chunks.stream().filter(AudioChunk::getEndOfStream)).containsExactly(chunks.get(count - 1));
    }

    @Test
    void samplesAreWrittenAsTheEncodingSays() throws IOException {
        byte[] wav =
                new WavBytes(1, 16, 1).data(WavBytes.hex("0000 0040 0080 ff7f")).bytes();
        assertThat(chunks(wav, 10, AudioEncoding.PCM_S16LE).get(0).getData().array())
                .isEqualTo(WavBytes.hex("0000 0040 0080 ff7f"));
        assertThat(chunks(wav, 10, AudioEncoding.MULAW).get(0).getData().array())
                .isEqualTo(WavBytes.hex("ff 8f 00 80"));
        assertThatThrownBy(() -> chunks(wav, 10, AudioEncoding.UNKNOWN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> chunks(wav, 0, AudioEncoding.MULAW)).hasMessageContaining("0 ms");
    }

    @Test
    void aStreamThatPassesALimitIsEndedBeforeTheErrorComes() throws IOException {
        byte[] wav = new WavBytes(1, 16, 1).data(new byte[4000]).bytes();
        AudioOptions options = AudioOptions.STANDARD.with(MediaLimits.STANDARD.within(444));
        AudioReader reader = AudioReader.open(new ByteArrayInputStream(wav), options);
        AudioChunker chunker =
                new AudioChunker(reader, new AudioChunker.Settings("call-1", START, 10, AudioEncoding.PCM_S16LE));
        assertThat(chunker.next().get(0).getEndOfStream()).isFalse();
        assertThat(chunker.next().get(0).getEndOfStream()).isTrue();
        assertThat(chunker.samples()).isEqualTo(200);
        assertThatThrownBy(chunker::next).isInstanceOf(MediaFormatException.class);
    }

    @Test
    void aStreamThatIsCutEndsWithWhatHasBeenRead() throws IOException {
        byte[] wav = new WavBytes(1, 16, 2).data(new byte[400_000]).bytes();
        AudioChunker chunker = chunker(wav, 10, AudioEncoding.PCM_S16LE);
        long samples = chunker.next().get(0).getData().remaining() / 2;
        chunker.cut();
        List<AudioChunk> last = List.of();
        for (List<AudioChunk> next = chunker.next(); !next.isEmpty(); next = chunker.next()) {
            assertThat(last).noneMatch(AudioChunk::getEndOfStream);
            last = next;
            samples += next.get(0).getData().remaining() / 2;
        }
        assertThat(last).hasSize(2).allMatch(AudioChunk::getEndOfStream);
        assertThat(chunker.samples()).isEqualTo(samples).isLessThan(100_000);
    }

    private static AudioChunker chunker(byte[] file, int millis, AudioEncoding encoding) throws IOException {
        AudioReader reader = AudioReader.open(new ByteArrayInputStream(file));
        return new AudioChunker(reader, new AudioChunker.Settings("call-1", START, millis, encoding));
    }

    private static List<AudioChunk> chunks(byte[] file, int millis, AudioEncoding encoding) throws IOException {
        AudioChunker chunker = chunker(file, millis, encoding);
        List<AudioChunk> all = new ArrayList<>();
        for (List<AudioChunk> next = chunker.next(); !next.isEmpty(); next = chunker.next()) {
            all.addAll(next);
        }
        return all;
    }

    private static List<AudioChunk> of(int channel, List<AudioChunk> chunks) {
        return chunks.stream().filter(chunk -> chunk.getChannel() == channel).toList();
    }
}
