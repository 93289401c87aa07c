package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

/** Finds where one export ends and another begins that was put behind it, in a file or in one payload. */
public final class MessageLength {
    private static final int SET_HEADER = 4;
    private static final int CLASSIC_RECORDS = 30;

    private MessageLength() {}

    /**
     * Bytes of the message at the beginning of the buffer, if another begins behind it; all bytes of the buffer if none
     * does.
     */
    public static int of(ByteBuffer data) {
        int length = end(data);
        boolean more = length > 0 && length < data.limit() && begins(data.slice(length, data.limit() - length));
        return more ? length : data.limit();
    }

    /** Whether bytes begin like a message: the version, and the numbers beside it make sense. */
    public static boolean begins(ByteBuffer data) {
        if (data.limit() < 16) {
            return false;
        }
        int count = data.getShort(2) & 0xffff;
        int version = data.getShort(0);
        switch (version) {
            case 1, 5, 7:
                ClassicLayout layout = ClassicLayout.of(version);
                return count > 0
                        && count <= CLASSIC_RECORDS
                        && data.limit() >= layout.headerLength() + layout.recordLength();
            case 9:
                return count > 0 && data.limit() >= 24 && plausibleSet(data, 20, 0, 1);
            case 10:
                return count == 16 || count > 16 && data.limit() >= 20 && plausibleSet(data, 16, 2, 3);
            default:
                return SFlowLayout.begins(data);
        }
    }

    private static boolean plausibleSet(ByteBuffer data, int at, int templates, int options) {
        int id = data.getShort(at) & 0xffff;
        return (id >= 256 || id == templates || id == options) && (data.getShort(at + 2) & 0xffff) >= SET_HEADER;
    }

    private static int end(ByteBuffer data) {
        if (data.limit() < 16) {
            return data.limit();
        }
        int version = data.getShort(0);
        switch (version) {
            case 1, 5, 7:
                ClassicLayout layout = ClassicLayout.of(version);
                return layout.headerLength() + (data.getShort(2) & 0xffff) * layout.recordLength();
            case 9:
                return endOfSets(data);
            case 10:
                return data.getShort(2) & 0xffff;
            default:
                return SFlowLayout.begins(data) ? endOfSamples(data) : data.limit();
        }
    }

    /** The sets of version 9 go on until what follows is no set but the header of another message. */
    private static int endOfSets(ByteBuffer data) {
        int at = 20;
        while (data.limit() - at >= SET_HEADER) {
            int id = data.getShort(at) & 0xffff;
            int length = data.getShort(at + 2) & 0xffff;
            boolean header = (id == 5 || id == 7 || id == 9 || id == 10) && begins(data.slice(at, data.limit() - at));
            if (header) {
                return at;
            }
            if (length < SET_HEADER) {
                return data.limit();
            }
            at += length;
        }
        return data.limit();
    }

    private static int endOfSamples(ByteBuffer data) {
        int at = SFlowLayout.behindAgent(data) + SFlowLayout.BEHIND_AGENT;
        long count = data.getInt(at - 4) & 0xffffffffL;
        for (long i = 0; i < count; i++) {
            int length = SFlowLayout.length(data, at);
            if (length < 0) {
                return data.limit();
            }
            at += 8 + length;
        }
        return at;
    }
}
