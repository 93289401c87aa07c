package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

/**
 * Start and end of one flow, gathered from whichever of the many time fields a record has. Finer fields win over coarser
 * ones, absolute ones over uptimes. Times are kept in nanoseconds since the epoch.
 */
final class FlowTimes {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000_000_000L;

    /** Start of the year 2200: later times are taken for nonsense, as are those before 1970. */
    private static final long LATEST_SECOND = 7_258_118_400L;

    private static final long NONE = Long.MIN_VALUE;

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
        boolean ntp = element >= 154 && element <= 157 || element == 324 || element == 325;
        if (length > 8 || ntp && length != 8) {
            return false;
        }
        long value = FieldText.unsigned(bytes, offset, length);
        switch (element) {
            case 21 -> endUptime = value;
            case 22 -> startUptime = value;
            case 150 -> start(scaled(value, SECOND), 1);
            case 151 -> end(scaled(value, SECOND), 1);
            case 152 -> start(scaled(value, MILLI), 2);
            case 153 -> end(scaled(value, MILLI), 2);
            case 154, 156 -> start(plausible(FieldText.ntpNanos(bytes, offset)), element == 154 ? 4 : 5);
            case 155, 157 -> end(plausible(FieldText.ntpNanos(bytes, offset)), element == 155 ? 4 : 5);
            case 158 -> start(plausible(header.exportMillis() * MILLI - (value & 0xffff_ffffL) * 1000), 3);
            case 159 -> end(plausible(header.exportMillis() * MILLI - (value & 0xffff_ffffL) * 1000), 3);
            case 160 -> systemInit = scaled(value, MILLI);
            case 161 -> duration = scaled(value, MILLI);
            case 162 -> duration = scaled(value, 1000);
            case 322 -> observed = scaled(value, SECOND);
            case 323 -> observed = scaled(value, MILLI);
            case 324, 325 -> observed = plausible(FieldText.ntpNanos(bytes, offset));
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * Settles start and end once all fields are in.
     *
     * @param domainInitMillis when the exporter started, for uptimes without a header to relate them to; -1 if unknown
     * @param withUptime whether the header tells the uptime
     */
    void settle(ExportHeader header, boolean withUptime, long domainInitMillis) {
        long init = systemInit != NONE ? systemInit : domainInitMillis < 0 ? NONE : domainInitMillis * MILLI;
        if (startRank == 0 && startUptime != NONE) {
            start = fromUptime(startUptime, header, withUptime, init);
        }
        if (endRank == 0 && endUptime != NONE) {
            end = fromUptime(endUptime, header, withUptime, init);
        }
        if (end == NONE && observed != NONE) {
            end = observed;
        }
        if (duration != NONE && start == NONE && end != NONE) {
            start = end - duration;
        } else if (duration != NONE && start != NONE && end == NONE) {
            end = start + duration;
        }
        if (end == NONE) {
            end = start != NONE ? start : header.exportMillis() * MILLI;
            if (start == NONE && startUptime != NONE && endUptime != NONE) {
                start = end - Math.max(0, (int) (endUptime - startUptime)) * MILLI;
            }
        }
        if (start == NONE || start > end) {
            start = end;
        }
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
        if (nanos != NONE && rank >= startRank) {
            start = nanos;
            startRank = rank;
        }
    }

    private void end(long nanos, int rank) {
        if (nanos != NONE && rank >= endRank) {
            end = nanos;
            endRank = rank;
        }
    }

    private static long fromUptime(long uptime, ExportHeader header, boolean withUptime, long init) {
        if (withUptime) {
            return header.atUptime(uptime) * MILLI;
        }
        return init == NONE ? NONE : plausible(init + (uptime & 0xffff_ffffL) * MILLI);
    }

    private static long scaled(long value, long unit) {
        return value < 0 || value / (SECOND / unit) > LATEST_SECOND ? NONE : value * unit;
    }

    private static long plausible(long nanos) {
        return nanos < 0 ? NONE : nanos;
    }
}
