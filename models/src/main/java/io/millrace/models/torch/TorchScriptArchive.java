package io.millrace.models.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * TorchScript text in the container that libtorch loads: a stored zip of the code, a pickled object without weights and
 * an empty table of constants.
 */
public final class TorchScriptArchive {

    private final String name;
    private final StringBuilder code = new StringBuilder();

    /**
     * An archive of one module.
     *
     * @param name name of the module's class
     * @param methods text of its methods, not indented, {@code forward} not needed
     */
    public TorchScriptArchive(String name, String methods) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("a TorchScript module is named by an identifier, got " + name);
        }
        this.name = name;
        code.append("class ").append(name).append("(Module):\n  __parameters__ = []\n  __buffers__ = []\n");
        code.append("  training : bool\n");
        methods(methods);
    }

    /** Adds methods to the module. */
    public TorchScriptArchive methods(String text) {
        for (String line : text.stripIndent().split("\n")) {
            String typed = line.replace("(self,", "(self: __torch__." + name + ",");
            code.append("  ").append(typed).append('\n');
        }
        return this;
    }

    String name() {
        return name;
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            stored(zip, "data.pkl", emptyObject());
            stored(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            stored(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            stored(zip, "code/__torch__.py", code.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void stored(ZipOutputStream zip, String entryName, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name + "/" + entryName);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** Protocol 2: the class applied to an empty tuple, with the state {"training": False}. */
    private byte[] emptyObject() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2, 'c'});
        pickle.writeBytes(("__torch__\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'});
        return pickle.toByteArray();
    }
}
