package io.millrace.operators.speech;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import java.util.function.Consumer;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChunkReadingTest {

    private static void assertRefused(String reason, Consumer<AudioChunk> change) {
        AudioChunk chunk =
                SampleSpeech.chunk("s", 0, 0, new float[] {0.5f, -0.25f}).build();
        assertThat(ChunkReading.samples(chunk)).containsExactly(0.5f, -0.25f);
        change.accept(chunk);
        assertThatThrownBy(() -> ChunkReading.samples(chunk))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatCannotBeAudioIsRefusedWithTheReason() {
        assertRefused("no sample rate of audio: 999", chunk -> chunk.setSampleRate(999));
        assertRefused("no sample rate of audio: 768001", chunk -> chunk.setSampleRate(768_001));
        assertRefused("no channel of 1: 1", chunk -> chunk.setChannel(1));
        assertRefused("no channel of 1: -1", chunk -> chunk.setChannel(-1));
        assertRefused("no number of channels: 0", chunk -> chunk.setChannelCount(0));
        assertRefused("no sequence: -1", chunk -> chunk.setSequence(-1));
        assertRefused("no sample offset", chunk -> chunk.setSampleOffset(Long.MAX_VALUE));
        assertRefused("UNKNOWN", chunk -> chunk.setEncoding(AudioEncoding.UNKNOWN));
        assertRefused("no whole number of samples", chunk -> chunk.setData(ByteBuffer.allocate(7)));
        assertRefused("longer than 60 s", chunk -> chunk.setData(ByteBuffer.allocate(4 * (60 * 16_000 + 1))));
        assertRefused(
                "louder than 16.0 times full scale: -17.0",
                chunk -> chunk.setData(ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x88, (byte) 0xc1})));
        assertRefused(
                "sample 0 is Infinity", chunk -> chunk.setData(ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x7f})));
    }

    @Property(tries = 500)
    @Label("an assembler survives any chunks: each is heard, known as a repeat, or given up")
    void anyChunksAreSurvived(@ForAll long seed) {
        Random random = new Random(seed);
        Assembly assembly = new Assembly(SampleSpeech.SETTINGS);
        for (int i = 0; i < 40; i++) {
            assembly.accept(anything(random, i));
            if (random.nextInt(5) == 0) {
                assembly.pass(random.nextInt(40_000));
            }
        }
        if (assembly.state != null) {
            assembly.drain();
        }
        for (AssembledSpeech piece : assembly.speech) {
            for (float feature : piece.mel) {
                assertThat(feature).isFinite();
            }
        }
        AssembledSpeech last = assembly.speech.isEmpty() ? null : assembly.speech.get(assembly.speech.size() - 1);
        assertThat(last == null || last.isEnd()).as("every stretch ends").isTrue();
    }

    private static AudioChunk anything(Random random, int i) {
        byte[] data = new byte[random.nextInt(3) == 0 ? random.nextInt(9) : 2 * random.nextInt(3000)];
        random.nextBytes(data);
        long[] offsets = {i * 800L, random.nextInt(100_000), random.nextLong(), Long.MAX_VALUE, (1L << 50) - 1, -1};
        long[] sequences = {i, i + 1, random.nextInt(50), random.nextLong(), Long.MAX_VALUE, Long.MIN_VALUE};
        int[] rates = {16_000, 16_000, 16_000, 8000, random.nextInt()};
        return SampleSpeech.chunk("s", 0, 0, new float[0])
                .setSequence(sequences[random.nextInt(10) < 7 ? 0 : random.nextInt(sequences.length)])
                .setSampleOffset(offsets[random.nextInt(10) < 7 ? 0 : random.nextInt(offsets.length)])
                .setSampleRate(rates[random.nextInt(rates.length)])
                .setEncoding(AudioEncoding.values()[random.nextInt(AudioEncoding.values().length)])
                .setChannel(random.nextInt(10) == 0 ? random.nextInt() : 0)
                .setEndOfStream(random.nextInt(10) == 0)
                .setEventTime(Instant.ofEpochMilli(random.nextInt(1000) * 100L))
                .setData(ByteBuffer.wrap(data))
                .build();
    }
}
