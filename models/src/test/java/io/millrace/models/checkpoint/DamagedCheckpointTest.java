package io.millrace.models.checkpoint;

import java.util.Arrays;

import io.millrace.models.speech.nemo.SyntheticNemo;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;

import static io.millrace.models.checkpoint.Damage.assertSurvives;

class DamagedCheckpointTest {

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

    private static int indexOf(byte[] bytes, byte... part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
