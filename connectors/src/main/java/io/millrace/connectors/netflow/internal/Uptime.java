package io.millrace.connectors.netflow.internal;

import io.millrace.schemas.FlowFormat;

/**
 * Uptimes: milliseconds since an exporter started, in 32 unsigned bits that wrap around every 49.7 days. A flow is related
 * to the moment of its export: its end is the nearest moment with such an uptime, since flows are exported soon after, and
 * its start is before its end by as much as the 32 bits reach.
 */
final class Uptime {
    private static final long WRAP = 1L << 32;
    private static final long MILLI = 1_000_000L;

    /** How far the start of a flow may be behind its end: exporters fill both in at different moments. */
    private static final long SLACK_MILLIS = 3_600_000;

    private Uptime() {}

    /** Milliseconds from one uptime to a later one; 0 where the second is rather a little earlier. */
    static long between(long from, long to) {
        long span = (to - from) & WRAP - 1;
        return span > WRAP - SLACK_MILLIS ? 0 : span;
    }

    /** Milliseconds since the epoch of an uptime, by the clock and the uptime of a header. */
    static long millis(long uptime, long exportMillis, long exportUptime) {
        return exportMillis + (int) (uptime - exportUptime);
    }

    /**
     * Nanoseconds since the epoch of an uptime, or {@link FlowTimes#NONE}.
     *
     * @param initNanos when the exporter started, for headers without an uptime, or {@link FlowTimes#NONE}
     */
    static long nanos(long uptime, ExportHeader header, long initNanos) {
        long low = uptime & WRAP - 1;
        if (header.format() != FlowFormat.IPFIX) {
            return millis(low, header.exportMillis(), header.uptime() & WRAP - 1) * MILLI;
        }
        if (initNanos == FlowTimes.NONE) {
            return FlowTimes.NONE;
        }
        long first = initNanos / MILLI + (uptime < WRAP ? low : uptime);
        long wraps = uptime < WRAP ? Math.max(0, Math.floorDiv(header.exportMillis() - first + WRAP / 2, WRAP)) : 0;
        long millis = first + wraps * WRAP;
        return millis <= 0 || millis > Long.MAX_VALUE / MILLI ? FlowTimes.NONE : millis * MILLI;
    }
}
