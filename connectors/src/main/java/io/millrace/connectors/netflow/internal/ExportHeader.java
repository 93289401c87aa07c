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
 * @param receivedMillis when the datagram arrived here, milliseconds since the epoch, or
 *     {@link NetFlowDecoder#NOT_RECEIVED}
 */
record ExportHeader(
        FlowFormat format, String sensor, long exportMillis, int uptime, long sequence, long receivedMillis) {

    /** Whether the datagram arrived here rather than in a file. */
    boolean received() {
        return receivedMillis != NetFlowDecoder.NOT_RECEIVED;
    }

    /** When the datagram arrived, or null if it was read from a file. */
    Instant observed() {
        return received() ? Instant.ofEpochMilli(receivedMillis) : null;
    }
}
