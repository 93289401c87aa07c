package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderOptions;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;
import io.millrace.connectors.netflow.ExportMessage;

/** The readers of one decoder, one for each family of versions, over what they remember together. */
public final class ExportReaders {
    private final DecoderStatistics statistics;
    private final Domains domains;
    private final ClassicReader classic;
    private final TemplatedReader templated;
    private final SFlowReader sampled;

    /** Readers that have heard nothing yet. */
    public ExportReaders(DecoderOptions options, DecoderStatistics statistics) {
        this.statistics = statistics;
        this.domains = new Domains(options.limits());
        this.classic = new ClassicReader(options, statistics, domains);
        this.templated = new TemplatedReader(options, statistics, domains);
        this.sampled = new SFlowReader(statistics, domains);
    }

    /** Reads one message, which fills the buffer. */
    public void read(ExportMessage message, ByteBuffer data, FlowSink sink) {
        statistics.countDatagram();
        if (data.limit() < 2) {
            statistics.countDrop(DropReason.TRUNCATED_HEADER, 1);
            return;
        }
        int version = data.getShort(0);
        switch (version) {
            case 1, 5, 7 ->
                classic.read(ClassicLayout.of(version), message.source(), data, message.receivedMillis(), sink);
            case 9, 10 -> templated.read(message.source(), data, message.receivedMillis(), sink);
            default -> {
                if (data.limit() >= 4 && data.getInt(0) == SFlowLayout.VERSION_5) {
                    sampled.read(message.source(), data, message.receivedMillis(), message.datedMillis(), sink);
                } else {
                    statistics.countDrop(DropReason.UNSUPPORTED_VERSION, 1);
                }
            }
        }
    }

    /** Lets go what has waited for long, as of a time in milliseconds since the epoch. */
    public void advance(long nowMillis, FlowSink sink) {
        templated.advance(nowMillis, sink);
    }

    /** Lets go or gives up whatever still waits. */
    public void flush(FlowSink sink) {
        templated.flush(sink);
    }

    /** Bytes held for sets that wait for their template. */
    public long pendingBytes() {
        return templated.pendingBytes();
    }

    /** What is remembered of exporters. */
    public Domains domains() {
        return domains;
    }
}
