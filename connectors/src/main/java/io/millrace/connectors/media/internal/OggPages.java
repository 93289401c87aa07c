package io.millrace.connectors.media.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An Ogg stream (RFC 3533) that ends at each link of its chain, if its links are to be decoded apart, and that knows whether its
 * last page was whole and said to be the last. Of Opus each link has samples to be taken off in front and behind (RFC 7845,
 * section 4), and channels of its own, which ffmpeg in one go gets right for the first link alone.
 */
final class OggPages implements ByteSource {
    /** Bytes from which it can be seen that a stream is Ogg, and what begins it. */
    static final int HEAD = 36;

    private static final int HEADER = 27;
    private static final int BEGINS_STREAM = 2;
    private static final int ENDS_STREAM = 4;

    private final ByteSource pages;
    private final boolean apart;
    private byte[] held = new byte[0];
    private int given;
    private byte[] look = new byte[0];
    private long left;
    private int flags;
    private boolean begun;
    private boolean between;

    private OggPages(ByteSource pages, boolean apart) {
        this.pages = pages;
        this.apart = apart;
    }

    /** The same source, or its pages if they are of Ogg; head is what it begins with. */
    static ByteSource of(ByteSource source, byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.startsWith("OggS") ? new OggPages(source, text.startsWith("OpusHead", HEADER + 1)) : source;
    }

    @Override
    public byte[] peek(int count) throws IOException {
        return pages.peek(count);
    }

    @Override
    public int read(byte[] into, int length) throws IOException {
        if (given == held.length && left == 0 && !between) {
            page();
        }
        if (given < held.length) {
            int count = Math.min(length, held.length - given);
            System.arraycopy(held, given, into, 0, count);
            given += count;
            return count;
        }
        if (left == 0) {
            return -1;
        }
        int count = pages.read(into, (int) Math.min(length, left));
        left -= Math.max(0, count);
        return count;
    }

    /** Takes the header of the next page, or what stands before it. */
    private void page() throws IOException {
        look = filled(look, HEADER);
        int at = new String(look, StandardCharsets.ISO_8859_1).indexOf("OggS");
        if (at == 0 && look.length == HEADER) {
            header();
        } else {
            // No page begins here: it passes as it is, and the library says so.
            int passing = at > 0 ? at : look.length < HEADER ? look.length : HEADER - 3;
            hold(Arrays.copyOf(look, passing));
            look = Arrays.copyOfRange(look, passing, look.length);
        }
    }

    private void header() throws IOException {
        flags = look[5];
        boolean begins = (flags & BEGINS_STREAM) != 0;
        if (apart && begins && begun) {
            between = true;
            return;
        }
        begun |= !begins;
        int lacing = look[HEADER - 1] & 0xff;
        byte[] whole = filled(look, HEADER + lacing);
        look = new byte[0];
        for (int i = HEADER; i < whole.length; i++) {
            left += whole[i] & 0xff;
        }
        hold(whole);
        if (whole.length < HEADER + lacing) {
            left = Math.max(1, left);
        }
    }

    private void hold(byte[] bytes) {
        held = bytes;
        given = 0;
    }

    private byte[] filled(byte[] start, int size) throws IOException {
        byte[] bytes = Arrays.copyOf(start, size);
        byte[] piece = new byte[size];
        int filled = start.length;
        while (filled < size) {
            int count = pages.read(piece, size - filled);
            if (count <= 0) {
                return Arrays.copyOf(bytes, filled);
            }
            System.arraycopy(piece, 0, bytes, filled, count);
            filled += count;
        }
        return bytes;
    }

    /** Goes on with the next link of the chain; false if there is none, or none that is to be decoded apart. */
    boolean next() throws IOException {
        boolean another = between;
        between = false;
        begun = false;
        if (another) {
            page();
        }
        return another;
    }

    /** What is missing at the end of a link that has been read; null for nothing. */
    String missing() {
        if (left > 0) {
            return "truncated: the last page of Ogg misses " + left + " bytes or more";
        }
        return between || (flags & ENDS_STREAM) != 0 ? null : "truncated: the last page of Ogg ends no stream";
    }

    @Override
    public boolean waits() throws IOException {
        return given == held.length && pages.waits();
    }

    @Override
    public long position() throws IOException {
        return pages.position() - look.length - (held.length - given);
    }

    @Override
    public long size() {
        return -1;
    }

    @Override
    public void seek(long position) throws IOException {
        throw new IOException("the pages are read in their order");
    }

    @Override
    public void close() throws IOException {
        pages.close();
    }
}
