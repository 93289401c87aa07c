package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.schemas.FlowRecord;

/** A decoder with what came out of it, for tests. */
final class Decoding {
    static final long NOW = 1_700_000_000_000L;

    final NetFlowDecoder decoder;
    final List<FlowRecord> flows = new ArrayList<>();

    Decoding() {
        this(DecoderOptions.within(DecoderLimits.COLLECTOR));
    }

    Decoding(DecoderOptions options) {
        decoder = new NetFlowDecoder(options);
    }

    /** Decodes what is received at {@link #NOW}. */
    Decoding receive(ByteBuffer datagram) {
        return receive(ExportSource.of("192.0.2.1"), datagram);
    }

    Decoding receive(ExportSource source, ByteBuffer datagram) {
        decoder.decode(ExportMessage.received(source, datagram, NOW), flows::add);
        return this;
    }

    Decoding receive(ExportBuilder export) {
        return receive(export.build());
    }

    Decoding flush() {
        decoder.flush(flows::add);
        return this;
    }

    FlowRecord only() {
        if (flows.size() != 1) {
            throw new AssertionError(flows.size() + " flows: " + flows + ", dropped " + dropped());
        }
        return flows.get(0);
    }

    Map<String, Long> dropped() {
        return decoder.statistics().dropped();
    }
}
