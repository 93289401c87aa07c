package io.millrace.models.speech.nemo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import io.millrace.models.checkpoint.PickleWriter;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Archives and checkpoints as NeMo and torch write them, from bytes that a test chooses. */
public final class SyntheticNemo {

    private SyntheticNemo() {}

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** The entries of a checkpoint by their names below the root, in torch's order. */
    public static Map<String, byte[]> entries(byte[] pickle, byte[]... storages) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("data.pkl", pickle);
        entries.put("byteorder", utf8("little"));
        for (int i = 0; i < storages.length; i++) {
            entries.put("data/" + i, storages[i]);
        }
        entries.put("version", utf8("3\n"));
        return entries;
    }

    public static byte[] checkpoint(byte[] pickle, byte[]... storages) {
        return zip(entries(pickle, storages), ZipEntry.STORED);
    }

    public static byte[] zip(Map<String, byte[]> entries, int method) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry("model_weights/" + entry.getKey());
                header.setMethod(method);
                if (method == ZipEntry.STORED) {
                    CRC32 sum = new CRC32();
                    sum.update(entry.getValue());
                    header.setSize(entry.getValue().length);
                    header.setCrc(sum.getValue());
                }
                zip.putNextEntry(header);
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A checkpoint of a matrix, a vector in the same storage and a counter. */
    public static byte[] smallCheckpoint() {
        byte[] pickle = new PickleWriter()
                .emptyDictionary()
                .ascii("(")
                .text("encoder.weight")
                .tensor("FloatStorage", "0", 8, 0, new long[] {2, 3}, new long[] {3, 1})
                .text("encoder.bias")
                .tensor("FloatStorage", "0", 8, 6, new long[] {2}, new long[] {1})
                .text("encoder.steps")
                .tensor("LongStorage", "1", 1, 0, new long[0], new long[0])
                .ascii("u}(")
                .text("_metadata")
                .emptyDictionary()
                .ascii("ub")
                .stop();
        return checkpoint(pickle, floats(1, 2, 3, 4, 5, 6, 7, 8), new byte[] {42, 0, 0, 0, 0, 0, 0, 0});
    }

    public static TarArchiveEntry file(String name, int size) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        return entry;
    }

    /** Writes a tar whose members have the given names. */
    public static byte[] tar(Map<String, byte[]> members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.putArchiveEntry(new TarArchiveEntry("./"));
            tar.closeArchiveEntry();
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                tar.putArchiveEntry(file(member.getKey(), member.getValue().length));
                tar.write(member.getValue());
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Members of a small archive, to be changed by the test. */
    public static Map<String, byte[]> members() {
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("./model_config.yaml", utf8("""
                sample_rate: 16000
                preprocessor:
                  dither: 1e-05
                  sample_rate: ${sample_rate}
                tokenizer:
                  model_path: nemo:abc_tokenizer.model
                """));
        members.put("./model_weights.ckpt", smallCheckpoint());
        members.put("./abc_tokenizer.model", SyntheticPieces.unigram());
        return members;
    }
}
