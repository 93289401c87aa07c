package io.millrace.connectors.netflow.internal;

/**
 * Times of 64 bits as RFC 7011, 6.1.9 and 6.1.10 have them: seconds since 1900 and their binary fraction (RFC 5905), whose
 * seconds begin again in 2036. Some exporters send microseconds or nanoseconds since 1970 in their place; which of the
 * readings is meant is told by the time of the export, to which the right one is near.
 */
final class NtpTime {
    /** Seconds from 1900, where NTP times begin, to 1970. */
    private static final long EPOCH_SECONDS = 2_208_988_800L;

    private static final long ERA_SECONDS = 1L << 32;
    private static final long TYPICAL_SECONDS = 1_800_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private NtpTime() {}

    /**
     * Nanoseconds since the epoch, or {@link FlowTimes#NONE} for a time that is not told.
     *
     * @param micros whether the element is one of microseconds
     * @param near nanoseconds since the epoch of the export
     */
    static long nanos(long value, boolean micros, long near) {
        if (value == 0) {
            return FlowTimes.NONE;
        }
        long fraction = ((value & 0xffff_ffffL) * SECOND + 0x8000_0000L) >>> 32;
        long best = FlowTimes.NONE;
        for (long era = 0; era <= 1; era++) {
            long seconds = (value >>> 32) - EPOCH_SECONDS + era * ERA_SECONDS;
            best = seconds < 0 ? best : nearer(seconds * SECOND + fraction, best, near);
        }
        long unit = micros ? 1000 : 1;
        boolean fits = value > 0 && value <= Long.MAX_VALUE / unit;
        return fits ? nearer(value * unit, best, near) : best;
    }

    /** Milliseconds since the epoch, for times of no export in particular; 0 for a time that is not told. */
    static long millis(long value) {
        long nanos = nanos(value, true, TYPICAL_SECONDS * SECOND);
        return nanos == FlowTimes.NONE ? 0 : nanos / 1_000_000;
    }

    private static long nearer(long one, long other, long near) {
        return other == FlowTimes.NONE || Math.abs(one - near) < Math.abs(other - near) ? one : other;
    }
}
