package io.millrace.connectors.audio.live;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.ListeningSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LiveStreamTest {
    private final List<AudioChunk> chunks = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-05T09:00:00Z");

    @ParameterizedTest
    @CsvSource({"PCM_S16LE,1", "PCM_S16LE,2", "MULAW,3", "PCM_F32LE,2"})
    void howeverTheBytesAreCutEveryChannelComesWhole(AudioEncoding encoding, int channels) throws Exception {
        int width = encoding == AudioEncoding.MULAW ? 1 : encoding == AudioEncoding.PCM_F32LE ? 4 : 2;
        byte[] audio = new byte[10_000 * width * channels];
        Random random = new Random(3);
        random.nextBytes(audio);
        if (encoding == AudioEncoding.PCM_F32LE) {
            ByteBuffer floats = ByteBuffer.wrap(audio).order(ByteOrder.LITTLE_ENDIAN);
            while (floats.hasRemaining()) {
                floats.putFloat(random.nextFloat());
            }
        }
        LiveStream stream = stream(encoding, channels);
        for (int at = 0; at < audio.length; ) {
            int count = Math.min(audio.length - at, 1 + random.nextInt(random.nextBoolean() ? 7 : 5000));
            stream.push(ByteBuffer.wrap(audio, at, count), chunks::add);
            at += count;
        }
        stream.end(chunks::add);
        for (int channel = 0; channel < channels; channel++) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            long sequence = 0;
            for (AudioChunk chunk : chunks) {
                if (chunk.getChannel() == channel) {
                    assertThat(chunk.getSequence()).isEqualTo(sequence++);
                    assertThat(chunk.getSampleOffset()).isEqualTo(whole.size() / width);
                    assertThat(chunk.getChannelCount()).isEqualTo(channels);
                    byte[] data = new byte[chunk.getData().remaining()];
                    chunk.getData().duplicate().get(data);
                    whole.writeBytes(data);
                    assertThat(chunk.getEndOfStream()).isEqualTo(whole.size() == 10_000 * width);
                }
            }
            byte[] expected = new byte[10_000 * width];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = audio[(i / width * channels + channel) * width + i % width];
            }
            assertThat(whole.toByteArray()).isEqualTo(expected);
        }
    }

    @Test
    void aStreamWithoutAudioHasAnEndAllTheSame() {
        LiveStream stream = stream(AudioEncoding.PCM_S16LE, 2);
        stream.end(chunks::add);
        stream.end(chunks::add);
        assertThat(chunks).hasSize(2).allSatisfy(chunk -> {
            assertThat(chunk.getEndOfStream()).isTrue();
            assertThat(chunk.getData().remaining()).isZero();
            assertThat(chunk.getSequence()).isZero();
        });
        assertThat(chunks).extracting(AudioChunk::getChannel).containsExactly(0, 1);
    }

    @Test
    void anEndWithinASampleLeavesTheRestOut() throws Exception {
        LiveStream stream = stream(AudioEncoding.PCM_S16LE, 2);
        stream.push(ByteBuffer.wrap(new byte[11]), chunks::add);
        assertThat(stream.leftOver()).isEqualTo(3);
        stream.end(chunks::add);
        assertThat(chunks)
                .hasSize(2)
                .allSatisfy(chunk -> assertThat(chunk.getData().remaining()).isEqualTo(4));
    }

    @Test
    void whatIsNoNumberIsRefusedAndWhatWasBeforeItStands() throws Exception {
        LiveStream stream = stream(AudioEncoding.PCM_F32LE, 1);
        ByteBuffer audio = ByteBuffer.allocate(4 * 2000).order(ByteOrder.LITTLE_ENDIAN);
        audio.putFloat(4 * 1000, Float.NaN);
        assertThatThrownBy(() -> stream.push(audio, chunks::add))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a sample is NaN, among those from number 800 of each channel on");
        stream.end(chunks::add);
        assertThat(chunks).extracting(AudioChunk::getSampleOffset).containsExactly(0L, 800L);
        assertThat(chunks.get(1).getEndOfStream()).isTrue();
        assertThat(chunks.get(1).getData().remaining()).isZero();
    }

    @Test
    void chunksCarryTheTimeOfTheirFirstSampleAndTheWishesOfTheClient() throws Exception {
        LiveStream stream = new LiveStream(
                "s",
                new ClientMessage.Config(
                        null,
                        8000,
                        AudioEncoding.MULAW,
                        1,
                        6,
                        null,
                        List.of(),
                        true,
                        ClientMessage.Pairing.BY_STREAM_ID,
                        true,
                        0),
                100,
                () -> now);
        for (int i = 0; i < 3; i++) {
            now = now.plusMillis(100);
            stream.push(ByteBuffer.wrap(new byte[800]), chunks::add);
        }
        assertThat(chunks)
                .extracting(AudioChunk::getEventTime)
                .extracting(Instant::toString)
                .containsExactly("2026-01-05T09:00:00Z", "2026-01-05T09:00:00.100Z", "2026-01-05T09:00:00.200Z");
        assertThat(chunks).extracting(AudioChunk::getListening).containsOnly(new ListeningSettings(6, null, List.of()));
    }

    private LiveStream stream(AudioEncoding encoding, int channels) {
        return new LiveStream(
                "s",
                new ClientMessage.Config(
                        null,
                        8000,
                        encoding,
                        channels,
                        null,
                        null,
                        List.of(),
                        true,
                        ClientMessage.Pairing.BY_STREAM_ID,
                        true,
                        0),
                100,
                () -> now);
    }
}
