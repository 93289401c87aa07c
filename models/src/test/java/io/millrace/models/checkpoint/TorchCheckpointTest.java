package io.millrace.models.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;

import ai.djl.ndarray.types.DataType;
import io.millrace.models.speech.nemo.SyntheticNemo;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TorchCheckpointTest {

    private static final long[] ONE = {1};

    private static Map<String, HostTensor> read(byte[] checkpoint) throws IOException {
        return TorchCheckpoint.read(new SeekableInMemoryByteChannel(checkpoint));
    }

    private static void assertRefused(byte[] checkpoint, String... reasons) {
        assertThatThrownBy(() -> read(checkpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains(reasons);
    }

    /** A checkpoint of one item {@code w} in a plain dictionary. */
    private static byte[] pickle(String type, long elements, long offset, long[] shape, long[] stride) {
        return new PickleWriter()
                .ascii("}")
                .text("w")
                .tensor(type, "0", elements, offset, shape, stride)
                .ascii("s")
                .stop();
    }

    private static byte[] little(int bytes, long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            for (int i = 0; i < bytes; i++) {
                buffer.put((byte) (value >> 8 * i));
            }
        }
        return buffer.array();
    }

    private static HostTensor vector(String type, int length, byte[] storage) throws IOException {
        return read(SyntheticNemo.checkpoint(pickle(type, length, 0, new long[] {length}, ONE), storage))
                .get("w");
    }

    @Test
    void readsTensorsInTheirOrderAndLetsThemShareAStorage(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("weights.ckpt"), SyntheticNemo.smallCheckpoint());
        Map<String, HostTensor> tensors = TorchCheckpoint.read(file);
        assertThat(tensors.keySet()).containsExactly("encoder.weight", "encoder.bias", "encoder.steps");
        assertThat(tensors.get("encoder.weight").shape()).containsExactly(2, 3);
        assertThat(tensors.get("encoder.weight").floats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(tensors.get("encoder.bias").floats()).containsExactly(7, 8);
        assertThat(tensors.get("encoder.steps").longs()).containsExactly(42);
        assertThat(tensors.get("encoder.weight").data().array())
                .isSameAs(tensors.get("encoder.bias").data().array());
    }

    @Test
    void convertsShorterAndLongerFloatsAndKeepsIntegers() throws IOException {
        assertThat(vector("HalfStorage", 6, little(2, 0x3c00, 0xc100, 0x7bff, 0x0001, 0x8000, 0xfc00))
                        .floats())
                .containsExactly(1, -2.5f, 65504, 0x1p-24f, -0f, Float.NEGATIVE_INFINITY);
        assertThat(vector("BFloat16Storage", 2, little(2, 0x3f80, 0xc020)).floats())
                .containsExactly(1, -2.5f);
        assertThat(vector("DoubleStorage", 1, little(8, Double.doubleToLongBits(0.1)))
                        .floats())
                .containsExactly(0.1f);
        assertThat(vector("LongStorage", 2, little(8, -1, 1L << 40)).longs()).containsExactly(-1, 1L << 40);
        assertThat(vector("IntStorage", 1, little(4, -3)).type()).isEqualTo(DataType.INT32);
        assertThat(vector("BoolStorage", 1, little(1, 1)).type()).isEqualTo(DataType.BOOLEAN);
    }

    @Test
    void readsParametersScalarsAndEmptyTensors() throws IOException {
        byte[] pickle = new PickleWriter()
                .emptyDictionary()
                .text("p")
                .global("torch._utils", "_rebuild_parameter")
                .ascii("(")
                .tensor("FloatStorage", "0", 1, 0, new long[] {1, 1}, new long[] {77, 5})
                .raw(0x88)
                .emptyDictionary()
                .ascii("tRs")
                .text("empty")
                .tensor("FloatStorage", "1", 0, 0, new long[] {0, 3}, new long[] {9, 9})
                .ascii("s")
                .stop();
        Map<String, HostTensor> tensors = read(SyntheticNemo.checkpoint(pickle, SyntheticNemo.floats(5), new byte[0]));
        assertThat(tensors.get("p").floats()).containsExactly(5);
        assertThat(tensors.get("empty").shape()).containsExactly(0, 3);
    }

    @Test
    void refusesTensorsThatDoNotFitTheirStorage() {
        byte[] four = SyntheticNemo.floats(1, 2, 3, 4);
        assertRefused(
                SyntheticNemo.checkpoint(pickle("FloatStorage", 4, 0, new long[] {2, 2}, new long[] {1, 2}), four),
                "not contiguous");
        assertRefused(
                SyntheticNemo.checkpoint(pickle("FloatStorage", 4, 2, new long[] {3}, ONE), four),
                "outside its storage");
        assertRefused(
                SyntheticNemo.checkpoint(pickle("FloatStorage", 4, Long.MAX_VALUE, new long[] {3}, ONE), four),
                "damaged");
        assertRefused(
                SyntheticNemo.checkpoint(
                        pickle("FloatStorage", 4, 0, new long[] {1L << 40, 1L << 40}, new long[] {1L << 40, 1}), four),
                "a tensor of shape");
        assertRefused(SyntheticNemo.checkpoint(pickle("FloatStorage", 4, 0, new long[] {-1}, ONE), four), "shape [-1]");
        assertRefused(
                SyntheticNemo.checkpoint(pickle("FloatStorage", 5, 0, new long[] {4}, ONE), four),
                "tensor w",
                "storage 0 has 16 bytes, expected 5 elements of 4");
        assertRefused(SyntheticNemo.checkpoint(pickle("FloatStorage", 4, 0, new long[] {4}, ONE)), "lacks data/0");
    }

    @Test
    void refusesAStorageOfTwoTypes() {
        byte[] pickle = new PickleWriter()
                .ascii("}")
                .text("a")
                .tensor("FloatStorage", "0", 1, 0, ONE, ONE)
                .ascii("s")
                .text("b")
                .tensor("IntStorage", "0", 1, 0, ONE, ONE)
                .ascii("s")
                .stop();
        assertRefused(SyntheticNemo.checkpoint(pickle, SyntheticNemo.floats(1)), "two types");
    }

    @Test
    void refusesOtherFormats() {
        byte[] pickle = pickle("FloatStorage", 1, 0, ONE, ONE);
        Map<String, byte[]> entries = SyntheticNemo.entries(pickle, SyntheticNemo.floats(1));
        assertRefused(SyntheticNemo.zip(entries, ZipEntry.DEFLATED), "compressed");
        entries.put("byteorder", SyntheticNemo.utf8("big"));
        assertRefused(SyntheticNemo.zip(entries, ZipEntry.STORED), "byte order big");
        entries.remove("byteorder");
        entries.put("version", SyntheticNemo.utf8("11"));
        assertRefused(SyntheticNemo.zip(entries, ZipEntry.STORED), "format version 11");
        entries.remove("data.pkl");
        assertRefused(SyntheticNemo.zip(entries, ZipEntry.STORED), "expected one data.pkl");
        assertRefused(new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10}, "before torch 1.6");
        assertRefused(new byte[] {1, 2, 3, 4}, "not a zip");
        assertRefused(new byte[0], "shorter");
    }

    @Test
    void refusesACheckpointThatIsCutOff() {
        byte[] whole = SyntheticNemo.smallCheckpoint();
        for (int length = 0; length < whole.length; length += 7) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(part)).isInstanceOfAny(IllegalArgumentException.class, IOException.class);
        }
    }
}
