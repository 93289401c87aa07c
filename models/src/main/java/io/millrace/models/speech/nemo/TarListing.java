package io.millrace.models.speech.nemo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.models.checkpoint.ChannelSlice;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The regular files of a tar and where their bytes lie. Names are only looked up, never used as paths; links, devices,
 * sparse files and names that leave the archive are refused all the same, for NeMo writes none.
 */
final class TarListing {

    /** A file's first byte in the archive, and its length. */
    record Member(long offset, long size) {}

    private static final int RECORD = TarConstants.DEFAULT_RCDSIZE;
    private static final int MAX_MEMBERS = 4096;
    private static final int MAX_EXTENSION = 64 << 10;

    private final SeekableByteChannel channel;
    private final long end;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private Map<String, String> extension = Map.of();

    private TarListing(SeekableByteChannel channel) throws IOException {
        this.channel = channel;
        this.end = channel.size();
    }

    /**
     * Files by name without a leading {@code ./}, in the archive's order.
     *
     * @throws IllegalArgumentException if this is no tar, or one that NeMo would not write
     */
    static Map<String, Member> of(SeekableByteChannel channel) throws IOException {
        TarListing listing = new TarListing(channel);
        long offset = 0;
        for (int count = 0; offset + RECORD <= listing.end; count++) {
            require(count < MAX_MEMBERS, "more than " + MAX_MEMBERS + " members");
            byte[] header = ChannelSlice.read(channel, offset, RECORD).array();
            if (isZero(header)) {
                break;
            }
            offset = listing.take(header, offset + RECORD);
        }
        require(!listing.members.isEmpty(), "no files in it");
        return listing.members;
    }

    /** Notes one member and returns where the next header lies. */
    private long take(byte[] header, long start) throws IOException {
        TarArchiveEntry entry = parse(header);
        boolean isExtension = isExtension(entry.getLinkFlag());
        String name = isExtension ? entry.getName() : extension.getOrDefault("path", entry.getName());
        long size = entry.getSize();
        if (!isExtension && extension.containsKey("size")) {
            size = decimal(extension.get("size"));
        }
        require(size >= 0 && size <= end - start, name + " is cut off: " + size + " bytes announced");
        if (isExtension) {
            extend(entry.getLinkFlag(), start, size);
        } else {
            add(name, entry.getLinkFlag(), new Member(start, size));
            extension = Map.of();
        }
        return start + (size + RECORD - 1) / RECORD * RECORD;
    }

    private static TarArchiveEntry parse(byte[] header) throws IOException {
        TarArchiveEntry entry;
        try {
            entry = new TarArchiveEntry(header);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("not a tar archive: a header is damaged (" + e.getMessage() + ")", e);
        }
        require(entry.isCheckSumOK(), "the sum of a header is wrong");
        return entry;
    }

    private static boolean isExtension(byte flag) {
        return flag == TarConstants.LF_PAX_EXTENDED_HEADER_LC
                || flag == TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER
                || flag == TarConstants.LF_GNUTYPE_LONGNAME;
    }

    /** A pax header or a GNU long name, which hold for the next member. */
    private void extend(byte flag, long start, long size) throws IOException {
        require(size <= MAX_EXTENSION, "an extended header of " + size + " bytes");
        if (flag == TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER) {
            return;
        }
        ByteBuffer bytes = ChannelSlice.read(channel, start, (int) size);
        extension = flag == TarConstants.LF_GNUTYPE_LONGNAME
                ? Map.of("path", text(bytes.array()).split("\0", 2)[0])
                : paxRecords(bytes.array());
    }

    /** Records {@code "length key=value\n"}, the length being that of the whole record. */
    private static Map<String, String> paxRecords(byte[] bytes) {
        Map<String, String> records = new LinkedHashMap<>();
        int at = 0;
        while (at < bytes.length && bytes[at] != 0) {
            int blank = at;
            while (blank < bytes.length && bytes[blank] != ' ') {
                blank++;
            }
            long length = decimal(text(Arrays.copyOfRange(bytes, at, blank)));
            require(length > blank - at + 1 && length <= bytes.length - at, "an extended header is damaged");
            String record = text(Arrays.copyOfRange(bytes, blank + 1, at + (int) length - 1));
            int equals = record.indexOf('=');
            require(equals > 0 && !record.startsWith("GNU.sparse"), "an extended header holds " + record);
            records.put(record.substring(0, equals), record.substring(equals + 1));
            at += (int) length;
        }
        return records;
    }

    private void add(String path, byte flag, Member member) {
        String name = path;
        while (name.startsWith("./")) {
            name = name.substring(2);
        }
        if (flag == TarConstants.LF_DIR || name.isEmpty() || name.endsWith("/")) {
            return;
        }
        require(
                flag == TarConstants.LF_NORMAL || flag == TarConstants.LF_OLDNORM || flag == TarConstants.LF_CONTIG,
                path + " is a link, a device or another special member");
        require(
                !name.startsWith("/") && !Arrays.asList(name.split("/")).contains(".."),
                path + " leaves the archive by its name");
        require(members.put(name, member) == null, name + " occurs twice");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long decimal(String digits) {
        require(digits.matches("[0-9]{1,18}"), "an extended header is damaged");
        return Long.parseLong(digits);
    }

    private static boolean isZero(byte[] header) {
        for (byte value : header) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("not a tar archive as NeMo writes them: " + reason);
        }
    }
}
