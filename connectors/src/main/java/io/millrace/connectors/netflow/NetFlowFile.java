package io.millrace.connectors.netflow;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.internal.MessageLength;
import io.millrace.connectors.pcap.CaptureFormatException;
import io.millrace.connectors.pcap.CaptureReader;
import io.millrace.connectors.pcap.CapturedPacket;
import io.millrace.connectors.pcap.PacketCounts;
import io.millrace.connectors.pcap.UdpDatagram;
import io.millrace.connectors.pcap.UdpDatagrams;

/**
 * Feeds a decoder from a file, told apart by content whatever its name is: a capture (pcap or pcapng) whose UDP payloads
 * are exports, datagrams each behind its length (four bytes, most significant first), or messages one behind the other, as
 * an IPFIX file (RFC 5655) has them; one alone is one datagram. Any of them may be compressed with gzip.
 *
 * <p>In a capture, datagrams to the usual ports (2055, 2056, 9995, 9996, 4739, 6343) are taken for exports whatever they
 * hold; to other ports, those whose header is that of an export. In the other forms the exporter is named
 * {@value #EXPORTER}. Flows read from files have no observed time, so that a file always gives the same flows.
 */
public final class NetFlowFile {
    /** Exporter of datagrams that come without an address. */
    public static final String EXPORTER = "file";

    private static final Set<Integer> PORTS = Set.of(2055, 2056, 9995, 9996, 4739, 6343);
    private static final int MAX_DATAGRAM = 65_535;

    /** The header of the shortest export, NetFlow v1 without records or an empty IPFIX message. */
    private static final int SHORTEST = 16;

    private final NetFlowDecoder decoder;
    private final PacketCounts packets = new PacketCounts();
    private final BiConsumer<Path, String> broken;

    public NetFlowFile(NetFlowDecoder decoder) {
        this(decoder, (file, reason) -> {});
    }

    /**
     * Files that feed a decoder.
     *
     * @param broken hears of a file that could not be read to its end, and why
     */
    public NetFlowFile(NetFlowDecoder decoder, BiConsumer<Path, String> broken) {
        this.decoder = decoder;
        this.broken = broken;
    }

    /**
     * Decodes all datagrams of a file, in its order. Content that makes no sense is counted by the decoder, not thrown.
     *
     * @throws IOException if the file cannot be read
     */
    public void read(Path file, FlowSink sink) throws IOException {
        try (InputStream in = open(file)) {
            in.mark(8);
            byte[] beginning = in.readNBytes(4);
            in.reset();
            if (CaptureReader.isCapture(beginning)) {
                readCapture(in, sink);
            } else if (isPrefixed(beginning)) {
                readPrefixed(in, sink);
            } else {
                new MessageFile(decoder, EXPORTER).read(in, sink);
            }
        } catch (CaptureFormatException | EOFException | ZipException e) {
            decoder.statistics().countDrop(DropReason.MALFORMED_FILE, 1);
            broken.accept(file, e instanceof EOFException ? "the compressed file breaks off" : e.getMessage());
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        raw.mark(2);
        byte[] magic = raw.readNBytes(2);
        raw.reset();
        boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        return gzip ? new BufferedInputStream(new GZIPInputStream(raw), 1 << 16) : raw;
    }

    /**
     * A datagram of NetFlow begins with its version, a length below 65536 with two zero bytes; so does sFlow, but its
     * version would be a length that no datagram has.
     */
    private static boolean isPrefixed(byte[] beginning) {
        return beginning.length == 4 && beginning[0] == 0 && beginning[1] == 0 && length(beginning) >= SHORTEST;
    }

    private static int length(byte[] prefix) {
        return prefix.length < 4 ? -1 : ByteBuffer.wrap(prefix).getInt();
    }

    private void readPrefixed(InputStream in, FlowSink sink) throws IOException {
        while (true) {
            byte[] prefix = in.readNBytes(4);
            if (prefix.length == 0) {
                return;
            }
            int length = length(prefix);
            if (length < 0 || length > MAX_DATAGRAM) {
                throw new CaptureFormatException("a length prefix of " + Integer.toUnsignedString(length));
            }
            byte[] datagram = in.readNBytes(length);
            decoder.decode(EXPORTER, ByteBuffer.wrap(datagram), NetFlowDecoder.NOT_RECEIVED, sink);
            if (datagram.length < length) {
                throw new CaptureFormatException("the file breaks off within a datagram");
            }
        }
    }

    private void readCapture(InputStream in, FlowSink sink) throws IOException {
        try (CaptureReader capture = new CaptureReader(in)) {
            long[] captured = new long[1];
            UdpDatagrams datagrams = new UdpDatagrams(packets, datagram -> decode(datagram, captured[0], sink));
            try {
                for (CapturedPacket packet = capture.next(); packet != null; packet = capture.next()) {
                    captured[0] = packet.epochNanos() / 1_000_000;
                    datagrams.accept(packet);
                }
            } finally {
                datagrams.end();
            }
        }
    }

    private void decode(UdpDatagram datagram, long captured, FlowSink sink) {
        if (datagram.lostFragments() > 0) {
            decoder.statistics().countDrop(DropReason.IP_FRAGMENT, datagram.lostFragments());
        }
        if (!isExport(datagram)) {
            if (datagram.lostFragments() == 0) {
                packets.count(PacketCounts.Reason.NO_EXPORT);
            }
            return;
        }
        if (!datagram.complete() && datagram.lostFragments() == 0) {
            decoder.statistics().countDrop(DropReason.TRUNCATED_PACKET, 1);
        }
        ExportSource source = ExportSource.datagrams(datagram.sourceAddress(), datagram.sourcePort());
        decoder.decode(ExportMessage.read(source, datagram.payload(), captured), sink);
    }

    /** Packets of the captures read that held no export, by reason. */
    public PacketCounts packets() {
        return packets;
    }

    private static boolean isExport(UdpDatagram datagram) {
        return PORTS.contains(datagram.destinationPort()) || hasExportHeader(datagram.payload());
    }

    /** Whether a payload begins like an export: version and the numbers beside it agree with its length. */
    static boolean hasExportHeader(ByteBuffer payload) {
        int length = payload.limit();
        if (length < 16) {
            return false;
        }
        int count = payload.getShort(2) & 0xffff;
        switch (payload.getShort(0)) {
            case 1:
                return count > 0 && count <= 24 && length == 16 + count * 52;
            case 5:
                return count > 0 && count <= 30 && length >= 24 && (length - 24) % 48 == 0;
            case 7:
                return count > 0 && count <= 30 && length >= 24 && (length - 24) % 52 == 0;
            case 9:
                if (length < 24 || count == 0 || count > length) {
                    return false;
                }
                int id = payload.getShort(20) & 0xffff;
                int set = payload.getShort(22) & 0xffff;
                return (id < 2 || id > 255) && set >= 4 && set <= length - 20;
            case 10:
                return count == length || count > 16 && MessageLength.of(payload) < length;
            default:
                return payload.getInt(0) == 5 && MessageLength.begins(payload);
        }
    }
}
