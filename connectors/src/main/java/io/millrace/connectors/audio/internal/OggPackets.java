package io.millrace.connectors.audio.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

import io.millrace.connectors.audio.AudioFormatException;

/** The packets of one logical stream of an Ogg file (RFC 3533). Pages of other streams are passed over. */
final class OggPackets {
    private static final int MAX_PACKET = 1 << 20;

    /**
     * A packet.
     *
     * @param bytes its content
     * @param granule position of the page in samples, given with the last packet that ends on it; else -1
     * @param last whether it is the last of the stream
     */
    record Packet(byte[] bytes, long granule, boolean last) {}

    private final CountedInput in;
    private final Queue<Packet> ready = new ArrayDeque<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private long serial = -1;
    private long nextPage;
    private boolean ended;
    private String others = "no beginning of a stream";

    OggPackets(CountedInput in) {
        this.in = in;
    }

    static boolean begins(byte[] head) {
        return head.length >= 4 && head[0] == 'O' && head[1] == 'g' && head[2] == 'g' && head[3] == 'S';
    }

    /** The next packet of the first Vorbis stream; null after the last. */
    Packet next() throws IOException {
        while (ready.isEmpty()) {
            if (ended) {
                return null;
            }
            if (in.peek(1).length == 0) {
                throw new AudioFormatException(
                        "truncated: the Ogg stream ends at byte " + in.position() + " without its last page");
            }
            page(OggPage.read(in));
        }
        return ready.remove();
    }

    private void page(OggPage page) throws IOException {
        if (serial < 0) {
            if (!page.first()) {
                throw new AudioFormatException(
                        "Ogg: the file holds " + others + ", not Vorbis (byte " + in.position() + ")");
            }
            nextPage = page.sequence();
            if (!page.startsWith("\u0001vorbis")) {
                others = page.content();
                return;
            }
            serial = page.serial();
        } else if (page.serial() != serial) {
            return;
        }
        if (page.sequence() != nextPage || page.continued() != (open.size() > 0)) {
            throw new AudioFormatException("Ogg: page " + nextPage + " is missing before byte " + in.position());
        }
        nextPage = nextPage + 1 & 0xffff_ffffL;
        packets(page);
    }

    private void packets(OggPage page) throws IOException {
        int at = 0;
        int lastEnd = page.lastEnd();
        for (int i = 0; i < page.segments(); i++) {
            int size = page.segment(i);
            open.write(page.body(), at, size);
            at += size;
            if (open.size() > MAX_PACKET) {
                throw new AudioFormatException(
                        "Ogg: the packet before byte " + in.position() + " exceeds " + MAX_PACKET + " bytes");
            }
            if (size < 255) {
                boolean lastHere = i == lastEnd;
                ready.add(new Packet(open.toByteArray(), lastHere ? page.granule() : -1, lastHere && page.last()));
                open.reset();
            }
        }
        ended = page.last();
    }
}
