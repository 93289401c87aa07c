package io.millrace.connectors.pcap;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

import io.millrace.connectors.pcap.internal.BlockFormat;
import io.millrace.connectors.pcap.internal.ClassicFormat;
import io.millrace.connectors.pcap.internal.PacketSource;

/**
 * Reads the packets of a capture file: pcap (either byte order, microseconds or nanoseconds) and pcapng (sections of
 * either byte order, several interfaces, enhanced, simple and old packet blocks; other blocks are skipped). Packets are
 * read one by one, so a file of any size takes the memory of its largest packet, at most 16 MiB.
 */
public final class CaptureReader implements Closeable {
    private final InputStream in;
    private final PacketSource packets;
    private long count;

    /**
     * Opens a capture.
     *
     * @throws CaptureFormatException if the stream begins like no capture file
     */
    public CaptureReader(InputStream source) throws IOException {
        this.in = new BufferedInputStream(source, 1 << 16);
        in.mark(8);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (BlockFormat.begins(magic)) {
            packets = new BlockFormat(in);
        } else if (ClassicFormat.begins(magic)) {
            packets = new ClassicFormat(in);
        } else {
            throw new CaptureFormatException("neither pcap nor pcapng");
        }
    }

    /** Whether a file beginning with these bytes (four or more) is a capture. */
    public static boolean isCapture(byte[] beginning) {
        return BlockFormat.begins(beginning) || ClassicFormat.begins(beginning);
    }

    /**
     * The next packet, or null at the end.
     *
     * @throws CaptureFormatException if the file breaks off or makes no sense; the packets before stand
     */
    public CapturedPacket next() throws IOException {
        try {
            CapturedPacket packet = packets.next();
            count += packet == null ? 0 : 1;
            return packet;
        } catch (EOFException | ZipException e) {
            throw new CaptureFormatException("the compressed capture breaks off or is damaged, after packet " + count);
        } catch (CaptureFormatException e) {
            throw new CaptureFormatException(e.getMessage() + ", after packet " + count);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
