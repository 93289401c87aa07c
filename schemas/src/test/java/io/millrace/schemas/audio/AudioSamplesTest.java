package io.millrace.schemas.audio;

import java.nio.ByteBuffer;
import java.util.Random;

import io.millrace.schemas.AudioEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class AudioSamplesTest {

    @ParameterizedTest
    @CsvSource({"PCM_S16LE, 1.6e-5", "PCM_F32LE, 0", "MULAW, 0.02"})
    void whatWasWrittenIsReadWithinTheRoundingOfTheEncoding(AudioEncoding encoding, float rounding) {
        float[] samples = {0, 0.5f, -0.5f, 0.001f, -0.9f, 0.97f};
        ByteBuffer bytes = AudioSamples.encode(samples, samples.length, encoding);
        float[] read = AudioSamples.decode(bytes, encoding);
        assertThat(read).hasSize(samples.length);
        for (int i = 0; i < read.length; i++) {
            assertThat(read[i]).isCloseTo(samples[i], within(rounding));
        }
        assertThat(bytes.remaining())
                .as("the buffer can be read again")
                .isEqualTo(samples.length * AudioSamples.bytesPerSample(encoding));
    }

    @Test
    void bytesThatAreNoSamplesAreRefusedWithTheReason() {
        assertThatThrownBy(() -> AudioSamples.decode(ByteBuffer.allocate(3), AudioEncoding.PCM_S16LE))
                .hasMessageContaining("3 bytes are no whole number of samples");
        assertThatThrownBy(() -> AudioSamples.decode(ByteBuffer.allocate(2), AudioEncoding.UNKNOWN))
                .hasMessageContaining("UNKNOWN");
        ByteBuffer notANumber = AudioSamples.encode(new float[] {0, Float.NaN}, 2, AudioEncoding.PCM_F32LE);
        assertThatThrownBy(() -> AudioSamples.decode(notANumber, AudioEncoding.PCM_F32LE))
                .hasMessage("sample 1 is NaN");
    }

    @ParameterizedTest
    @EnumSource(AudioEncoding.class)
    void anyBytesAreReadOrRefusedAndWhatIsReadIsFinite(AudioEncoding encoding) {
        Random random = new Random(encoding.ordinal());
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            try {
                for (float sample : AudioSamples.decode(ByteBuffer.wrap(bytes), encoding)) {
                    assertThat(sample).isFinite();
                }
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageMatching(".+");
            }
        }
    }
}
