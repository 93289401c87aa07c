package io.millrace.connectors.netflow.internal;

import java.time.Instant;

import io.millrace.connectors.netflow.NetFlowDecoder;
import io.millrace.schemas.FlowFormat;

/**
 * What the header of a datagram says of all its records.
 *
 * @param format version of the export
 * @param sensor exporter with its source identifier or observation domain, as it stands in the flows
 * @param exportMillis exporter's clock when the datagram left, milliseconds since the epoch
 * @param uptime exporter's uptime at that moment in milliseconds, an unsigned 32-bit number; meaningless for IPFIX
 * @param sequence sequence number of the datagram
 * @param receivedMillis when the datagram arrived here, milliseconds since the epoch
 */
record ExportHeader(
        FlowFormat format, String sensor, long exportMillis, int uptime, long sequence, long receivedMillis) {

    /** When the datagram arrived, or null if it was read from a file. */
    Instant observed() {
        return receivedMillis == NetFlowDecoder.NOT_RECEIVED ? null : Instant.ofEpochMilli(receivedMillis);
    }

    /** Milliseconds since the epoch of an uptime near the export's; the uptime may have wrapped around in between. */
    long atUptime(long millis) {
        return exportMillis + ((int) millis - uptime);
    }
}
