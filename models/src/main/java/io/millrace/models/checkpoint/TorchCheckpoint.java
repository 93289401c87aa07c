package io.millrace.models.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A state dictionary that {@code torch.save} wrote (torch 1.6 or newer): a zip with the pickle {@code ROOT/data.pkl} and
 * the elements of each storage in {@code ROOT/data/KEY}. The pickle is parsed, never executed; it may name tensors,
 * storages and ordered dictionaries only.
 */
public final class TorchCheckpoint {

    private static final int MAX_PICKLE = 64 << 20;
    private static final int NEWEST_FORMAT = 10;
    private static final String PICKLE = "/data.pkl";

    private final ZipFile zip;
    private final String root;
    private final long size;
    private final Map<String, TensorView.Storage> known = new HashMap<>();
    private final Map<String, ByteBuffer> loaded = new HashMap<>();
    private long read;

    private TorchCheckpoint(ZipFile zip, long size) {
        this.zip = zip;
        this.size = size;
        List<String> roots = new ArrayList<>();
        Collections.list(zip.getEntries()).forEach(entry -> {
            String name = entry.getName();
            if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
                roots.add(name.substring(0, name.length() - PICKLE.length()));
            }
        });
        require(roots.size() == 1, "expected one " + PICKLE.substring(1) + ", found " + roots.size());
        this.root = roots.get(0);
    }

    /**
     * Reads a checkpoint file.
     *
     * @return tensors by name in the file's order, of any shape: float32 (half, bfloat16 and double are converted), or
     *     int64, int32, int8, uint8 and boolean as they are. Tensors that share a storage share memory.
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is no such checkpoint, is damaged, is big-endian, holds a tensor that is
     *     not contiguous or names a class other than those above; the message names file and reason
     */
    public static Map<String, HostTensor> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #read(Path)}, from a channel, which stays open. */
    public static Map<String, HostTensor> read(SeekableByteChannel channel) throws IOException {
        long size = channel.size();
        checkFormat(ChannelSlice.read(channel, 0, (int) Math.min(4, size)));
        try (ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(new ChannelSlice(channel, 0, size))
                .get()) {
            return new TorchCheckpoint(zip, size).tensors();
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not a torch checkpoint: damaged zip (" + e.getMessage() + ")", e);
        }
    }

    private static void checkFormat(ByteBuffer start) {
        require(start.remaining() == 4, "shorter than a zip");
        require(
                start.get(0) != (byte) 0x80,
                "written in the format before torch 1.6, which is no zip; load it there and save it again");
        require(start.get(0) == 'P' && start.get(1) == 'K', "not a zip");
    }

    private Map<String, HostTensor> tensors() throws IOException {
        String order = text("byteorder", "little");
        require(order.equals("little"), "byte order " + order);
        String version = text("version", "3");
        require(
                version.matches("[0-9]{1,3}") && Integer.parseInt(version) <= NEWEST_FORMAT,
                "format version " + version);
        ByteBuffer pickle = bytes(entry(PICKLE.substring(1)), MAX_PICKLE);
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, TensorView> tensor :
                TorchPickle.read(pickle.array()).entrySet()) {
            try {
                tensors.put(tensor.getKey(), tensor(tensor.getValue()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("tensor " + tensor.getKey() + ": " + e.getMessage(), e);
            }
        }
        return Collections.unmodifiableMap(tensors);
    }

    private HostTensor tensor(TensorView view) throws IOException {
        TensorView.Storage storage = view.storage();
        require(
                known.merge(storage.key(), storage, (first, second) -> first).equals(storage),
                "storage " + storage.key() + " has two types or lengths");
        ByteBuffer elements = loaded.get(storage.key());
        if (elements == null) {
            elements = load(storage);
            loaded.put(storage.key(), elements);
        }
        int width = storage.type().hostType().getNumOfBytes();
        return new HostTensor(
                storage.type().hostType(),
                view.shape(),
                elements.slice((int) view.offset() * width, (int) view.size() * width));
    }

    private ByteBuffer load(TensorView.Storage storage) throws IOException {
        ZipArchiveEntry entry = entry("data/" + storage.key());
        int width = storage.type().bytes();
        require(
                entry.getSize() % width == 0 && entry.getSize() / width == storage.elements(),
                "storage " + storage.key() + " has " + entry.getSize() + " bytes, expected " + storage.elements()
                        + " elements of " + width);
        int hostWidth = storage.type().hostType().getNumOfBytes();
        require(
                storage.elements() <= Integer.MAX_VALUE / hostWidth,
                "storage " + storage.key() + " is larger than 2 GiB");
        read += entry.getSize();
        require(read <= size, "storages overlap in the file");
        return storage.type().toHost(bytes(entry, Integer.MAX_VALUE));
    }

    private String text(String name, String otherwise) throws IOException {
        ZipArchiveEntry entry = zip.getEntry(root + "/" + name);
        if (entry == null) {
            return otherwise;
        }
        return new String(bytes(entry, 64).array(), StandardCharsets.UTF_8).strip();
    }

    private ZipArchiveEntry entry(String name) {
        ZipArchiveEntry entry = zip.getEntry(root + "/" + name);
        require(entry != null, "lacks " + name);
        return entry;
    }

    /** An entry's bytes; torch compresses none, and so no entry can be larger than the file. */
    private ByteBuffer bytes(ZipArchiveEntry entry, int most) throws IOException {
        require(entry.getMethod() == ZipArchiveEntry.STORED, entry.getName() + " is compressed");
        long length = entry.getSize();
        require(
                length >= 0 && length <= Math.min(most, size),
                entry.getName() + " claims " + length + " bytes, more than fit");
        ByteBuffer bytes = ByteBuffer.allocate((int) length);
        try (InputStream stream = zip.getInputStream(entry)) {
            require(stream != null, entry.getName() + " cannot be read");
            int got = stream.readNBytes(bytes.array(), 0, (int) length);
            require(got == length, entry.getName() + " is cut off: " + got + " bytes of " + length);
        }
        return bytes;
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("not a torch checkpoint: " + reason);
        }
    }
}
