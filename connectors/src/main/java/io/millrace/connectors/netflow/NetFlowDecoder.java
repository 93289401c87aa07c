package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.internal.ExportReaders;

/**
 * Decodes NetFlow v5, NetFlow v9 (RFC 3954) and IPFIX (RFC 7011) datagrams of any number of exporters into flows.
 *
 * <p>Templates are kept for each exporter, version and source identifier or observation domain; data that comes before
 * its template waits in a bounded buffer. Reduced-size and variable-length fields, enterprise elements, padding, fields of
 * length zero, options templates and withdrawals are understood; the reverse elements of RFC 5103 make a flow of two
 * directions, which is turned so that its source is the host that opened it. Records of one direction keep the direction
 * they were exported with: see {@link FlowPairing} for joining two of them. Sampling is noted in the attribute
 * {@code samplingInterval}, never multiplied in.
 *
 * <p>Every field of a record goes where {@code FlowRecord} has a place for it or into its attributes, under the name that
 * the IANA registry gives the information element; elements not known here appear as {@code ie.NUMBER} or
 * {@code ie.ENTERPRISE.NUMBER} in hexadecimal. A record without addresses (layer 2 only) counts as a record; whether it
 * becomes a flow is {@link DecoderLimits#keepAddressless()}.
 *
 * <p>Whatever the bytes are, decoding ends, throws nothing of its own and stays within {@link DecoderLimits}; what could
 * not be decoded is counted in {@link #statistics()} by {@link DropReason}. For one thread at a time.
 */
public final class NetFlowDecoder {
    /** Time of receipt of datagrams that were not received but read; their flows have no observed time. */
    public static final long NOT_RECEIVED = Long.MIN_VALUE;

    private final DecoderStatistics statistics = new DecoderStatistics();
    private final ExportReaders readers;

    /** A decoder that has heard nothing yet. */
    public NetFlowDecoder(DecoderLimits limits) {
        this.readers = ExportReaders.fresh(limits, statistics);
    }

    /**
     * Decodes one datagram.
     *
     * @param exporter address of the exporter, which with the source identifier makes the flows' sensor
     * @param datagram payload of the datagram, from position to limit; left as it is
     * @param receivedMillis when it arrived, milliseconds since the epoch, or {@link #NOT_RECEIVED}
     * @param sink takes the flows in their order; what it throws passes through
     */
    public void decode(String exporter, ByteBuffer datagram, long receivedMillis, FlowSink sink) {
        statistics.countDatagram();
        ByteBuffer data = datagram.slice();
        if (data.limit() < 2) {
            statistics.countDrop(DropReason.TRUNCATED_HEADER, 1);
            return;
        }
        switch (data.getShort(0)) {
            case 5 -> readers.classic().read(exporter, data, receivedMillis, sink);
            case 9, 10 -> readers.templated().read(exporter, data, receivedMillis, sink);
            default -> statistics.countDrop(DropReason.UNSUPPORTED_VERSION, 1);
        }
    }

    /** Gives up the data that still waits for templates: call it once no more input will come. */
    public void flush() {
        readers.templated().flush();
    }

    /** Bytes held for data whose template has not come yet. */
    public long pendingBytes() {
        return readers.templated().pendingBytes();
    }

    /** What was decoded and dropped so far. */
    public DecoderStatistics statistics() {
        return statistics;
    }
}
