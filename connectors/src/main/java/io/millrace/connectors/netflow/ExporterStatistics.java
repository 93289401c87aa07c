package io.millrace.connectors.netflow;

import java.util.Map;

/**
 * What one exporter has sent so far from one port.
 *
 * @param sensor exporter's address with its source identifier, observation domain or sub-agent, as in its flows
 * @param port port it sent from; 0 where there is none
 * @param transport whether by datagrams or in a stream
 * @param datagrams messages
 * @param records flow data records, packets of sFlow among them
 * @param templates template definitions accepted
 * @param counterSamples counter samples of sFlow, which are left aside
 * @param sequenceGaps times that its sequence numbers jumped forward
 * @param sequenceLost units missing in those jumps
 * @param ahead flows that ended too far ahead of their receipt
 * @param dropped what was dropped, by {@link DropReason#key()}
 * @param clockOffsetMillis how far its clock is ahead of this machine's (behind, if negative), smoothed over its exports;
 *     null if it sends no time or was read from a file. It includes the time on the way
 * @param lastHeardMillis when it was heard last, milliseconds since the epoch; null if it was read from a file
 */
public record ExporterStatistics(
        String sensor,
        int port,
        ExportSource.Transport transport,
        long datagrams,
        long records,
        long templates,
        long counterSamples,
        long sequenceGaps,
        long sequenceLost,
        long ahead,
        Map<String, Long> dropped,
        Long clockOffsetMillis,
        Long lastHeardMillis) {}
