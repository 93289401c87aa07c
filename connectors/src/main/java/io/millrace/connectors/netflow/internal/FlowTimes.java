package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

/**
 * Start and end of one direction of a flow, gathered from whichever of the many time fields a record has (RFC 7011, 6.1.7
 * to 6.1.10; RFC 5102, 5.9; RFC 3954, 8). Finer fields win over coarser ones, absolute ones over uptimes; a time of zero
 * is one that the exporter does not know. Times are kept in nanoseconds since the epoch.
 */
final class FlowTimes {
    static final long NONE = Long.MIN_VALUE;

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    /** Start of the year 2200: later times are taken for nonsense, as are those before 1970. */
    private static final long LATEST_SECOND = 7_258_118_400L;

    /** Ten years: a longer duration is nonsense too. */
    private static final long LONGEST_SECONDS = 315_360_000L;

    private long start;
    private long end;
    private int startRank;
    private int endRank;
    private long startUptime;
    private long endUptime;
    private long duration;
    private long observed;
    private long systemInit;

    void reset() {
        start = end = startUptime = endUptime = duration = observed = systemInit = NONE;
        startRank = endRank = 0;
    }

    /** Takes the field if it tells of time; says whether it did. */
    boolean accept(int element, ByteBuffer bytes, int offset, int length, ExportHeader header) {
        boolean fine = element >= 154 && element <= 157 || element == 324 || element == 325;
        if (length > 8 || fine && length != 8) {
            return false;
        }
        long value = FieldText.unsigned(bytes, offset, length);
        long near = header.exportMillis() * MILLI;
        switch (element) {
            case 21 -> endUptime = value;
            case 22 -> startUptime = value;
            case 359 -> start(scaled(value, MILLI), 1);
            case 360 -> end(scaled(value, MILLI), 1);
            case 150 -> start(scaled(value, SECOND), 2);
            case 151 -> end(scaled(value, SECOND), 2);
            case 152 -> start(scaled(value, MILLI), 3);
            case 153 -> end(scaled(value, MILLI), 3);
            case 158 -> start(plausible(near - (value & 0xffff_ffffL) * 1000), 4);
            case 159 -> end(plausible(near - (value & 0xffff_ffffL) * 1000), 4);
            case 154, 156 -> start(NtpTime.nanos(value, element == 154, near), element == 154 ? 5 : 6);
            case 155, 157 -> end(NtpTime.nanos(value, element == 155, near), element == 155 ? 5 : 6);
            case 160 -> systemInit = scaled(value, MILLI);
            case 161 -> duration = span(value, MILLI);
            case 162 -> duration = duration == NONE || value > 0 ? span(value, 1000) : duration;
            case 322 -> observed = or(observed, scaled(value, SECOND));
            case 323 -> observed = or(scaled(value, MILLI), observed);
            case 324, 325 -> observed = or(NtpTime.nanos(value, element == 324, near), observed);
            default -> {
                return false;
            }
        }
        // What is not the flow's own, but its exporter's interval, stays an attribute too.
        return element != 359 && element != 360;
    }

    /** Whether any field tells when the flow was, or how long. */
    boolean told() {
        return start != NONE || end != NONE || startUptime != NONE || endUptime != NONE || duration != NONE;
    }

    /** Whether a field tells when the flow began. */
    boolean startTold() {
        return start != NONE || startUptime != NONE;
    }

    /**
     * Settles start and end once all fields are in.
     *
     * @param domainInitMillis when the exporter started, for uptimes without a header to relate them to; -1 if unknown
     */
    void settle(ExportHeader header, long domainInitMillis) {
        long init = initMillis(domainInitMillis);
        fromUptimes(header, init < 0 ? NONE : init * MILLI);
        if (end == NONE && start != NONE && duration != NONE) {
            end = start + duration;
        }
        if (end == NONE) {
            end = observed != NONE ? observed : start != NONE ? start : header.exportMillis() * MILLI;
        }
        if (start == NONE) {
            start = duration != NONE ? Math.max(0, end - duration) : end - uptimeSpan();
        }
        end = Math.max(0, end);
        start = Math.max(0, Math.min(start, end));
    }

    /** When the exporter started, milliseconds since the epoch, by the record itself or else by what is known; or -1. */
    long initMillis(long knownMillis) {
        return systemInit != NONE ? systemInit / MILLI : knownMillis;
    }

    /** Takes uptimes for whichever of start and end no absolute time tells. */
    private void fromUptimes(ExportHeader header, long init) {
        if (end == NONE && endUptime != NONE) {
            end = Uptime.nanos(endUptime, header, init);
        }
        if (start == NONE && startUptime != NONE && (end == NONE || endUptime == NONE)) {
            start = Uptime.nanos(startUptime, header, init);
        } else if (start == NONE && startUptime != NONE) {
            start = end - uptimeSpan();
        }
    }

    /** What lies between the uptimes of start and end, which may be anything up to the wrap of 32 bits. */
    private long uptimeSpan() {
        return startUptime == NONE || endUptime == NONE ? 0 : Uptime.between(startUptime, endUptime) * MILLI;
    }

    /** Nanoseconds since the epoch, after {@link #settle}. */
    long start() {
        return start;
    }

    /** Nanoseconds since the epoch, after {@link #settle}. */
    long end() {
        return end;
    }

    private void start(long nanos, int rank) {
        if (nanos != NONE && rank > startRank) {
            start = nanos;
            startRank = rank;
        }
    }

    private void end(long nanos, int rank) {
        if (nanos != NONE && rank > endRank) {
            end = nanos;
            endRank = rank;
        }
    }

    private static long or(long one, long other) {
        return one != NONE ? one : other;
    }

    private static long scaled(long value, long unit) {
        return value <= 0 || value / (SECOND / unit) > LATEST_SECOND ? NONE : value * unit;
    }

    private static long span(long value, long unit) {
        return value < 0 || value / (SECOND / unit) > LONGEST_SECONDS ? NONE : value * unit;
    }

    private static long plausible(long nanos) {
        return nanos <= 0 ? NONE : nanos;
    }
}
