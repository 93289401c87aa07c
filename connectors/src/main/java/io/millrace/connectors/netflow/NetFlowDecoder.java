package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.internal.ExportReaders;
import io.millrace.connectors.netflow.internal.MessageLength;
import io.millrace.connectors.netflow.internal.TemplateMemory;

/**
 * Decodes NetFlow v1, v5, v7 and v9 (RFC 3954), IPFIX (RFC 7011) and sFlow v5 of any number of exporters into flows.
 *
 * <p>Templates are kept for each exporter's address and port, version and source identifier or observation domain; data
 * that comes before its template waits in a bounded buffer, and is read by the template of another port of the same
 * exporter where its own never announces one. Reduced-size and variable-length fields, enterprise elements, padding,
 * fields of length zero and options templates are understood; withdrawals count in streams alone (RFC 7011, 8.4). The
 * reverse elements of RFC 5103 make a flow of two directions, which is turned so that its source is the host that opened
 * it. Records of one direction keep the direction they were exported with: see {@link FlowPairing} for joining two of
 * them. What a firewall reports of one connection is one flow.
 *
 * <p>The sampling rate that an exporter announces for a flow's sampler, interface, line card, template or for all its
 * flows is noted in {@code sampling_rate} and the attribute {@code samplingInterval}; {@link SamplingPolicy} says whether
 * volumes are multiplied by it.
 *
 * <p>Every field of a record goes where {@code FlowRecord} has a place for it or into its attributes, under the name that
 * the IANA registry gives the information element; elements not known here appear as {@code ie.NUMBER} or
 * {@code ie.ENTERPRISE.NUMBER} in hexadecimal. A record without addresses, and without a piece of a packet that tells
 * them, counts as a record; whether it becomes a flow is {@link DecoderLimits#keepAddressless()}.
 *
 * <p>Whatever the bytes are, decoding ends, throws nothing of its own and stays within {@link DecoderLimits}; what could
 * not be decoded is counted in {@link #statistics()} by {@link DropReason}. For one thread at a time.
 */
public final class NetFlowDecoder {
    /** Time of receipt of datagrams that were not received but read; their flows have no observed time. */
    public static final long NOT_RECEIVED = Long.MIN_VALUE;

    /** Attribute of a flow that ended too far ahead: the milliseconds between its end and its receipt or export. */
    public static final String AHEAD = "millisAhead";

    private final DecoderStatistics statistics = new DecoderStatistics();
    private final SamplingPolicy sampling;
    private final ExportReaders readers;
    private final TemplateMemory memory;

    /** A decoder with usual options that has heard nothing yet. */
    public NetFlowDecoder(DecoderLimits limits) {
        this(DecoderOptions.within(limits));
    }

    /** A decoder that has heard nothing yet. */
    public NetFlowDecoder(DecoderOptions options) {
        this.sampling = options.sampling();
        this.readers = new ExportReaders(options, statistics);
        this.memory = new TemplateMemory(readers.domains(), options.limits());
    }

    /**
     * Decodes one datagram of an exporter whose port is of no account.
     *
     * @param exporter address of the exporter, which with the source identifier makes the flows' sensor
     * @param datagram payload of the datagram, from position to limit; left as it is
     * @param receivedMillis when it arrived, milliseconds since the epoch, or {@link #NOT_RECEIVED}
     * @param sink takes the flows in their order; what it throws passes through
     */
    public void decode(String exporter, ByteBuffer datagram, long receivedMillis, FlowSink sink) {
        long dated = receivedMillis == NOT_RECEIVED ? 0 : receivedMillis;
        decode(new ExportMessage(ExportSource.of(exporter), datagram, receivedMillis, dated), sink);
    }

    /**
     * Decodes what came in one piece, all messages in it.
     *
     * @param sink takes the flows in their order; what it throws passes through
     */
    public void decode(ExportMessage message, FlowSink sink) {
        FlowSink sampled = sampled(sink);
        ByteBuffer rest = message.payload().slice();
        while (true) {
            int length = MessageLength.of(rest);
            readers.read(message, rest.slice(0, length), sampled);
            if (length == rest.limit()) {
                return;
            }
            rest = rest.slice(length, rest.limit() - length);
        }
    }

    /**
     * Lets go what has waited for long: data whose template another port has, connections whose end was not reported.
     *
     * @param nowMillis time to go by, milliseconds since the epoch
     */
    public void advance(long nowMillis, FlowSink sink) {
        readers.advance(nowMillis, sampled(sink));
    }

    /** Lets go or gives up what still waits: call it once no more input will come. */
    public void flush(FlowSink sink) {
        readers.flush(sampled(sink));
    }

    /** Forgets what a connection that is closed has announced. */
    public void forget(ExportSource connection) {
        readers.domains().forget(connection);
    }

    /** Bytes held for data whose template has not come yet. */
    public long pendingBytes() {
        return readers.pendingBytes();
    }

    /** What was decoded and dropped so far. */
    public DecoderStatistics statistics() {
        return statistics;
    }

    /** The templates and options of exporters over datagrams, as {@link #restore} takes them. */
    public byte[] memory() {
        return memory.toBytes();
    }

    /**
     * Remembers what another decoder knew.
     *
     * @throws IllegalArgumentException if the bytes are damaged or of another version; nothing is remembered then
     */
    public void restore(byte[] bytes) {
        memory.restore(bytes);
    }

    private FlowSink sampled(FlowSink sink) {
        return flow -> {
            String sensor = flow.getSensor();
            sampling.apply(flow, sensor.substring(0, sensor.lastIndexOf('/')));
            sink.accept(flow);
        };
    }
}
