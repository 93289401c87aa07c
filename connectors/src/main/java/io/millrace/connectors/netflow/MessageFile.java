package io.millrace.connectors.netflow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.internal.MessageLength;

/**
 * Reads messages that stand one behind the other, of any versions and in any number; takes the memory of two of them.
 * Several make a stream, in which withdrawals of templates count (RFC 5655, 5.2); one alone is a datagram.
 */
final class MessageFile {
    private static final int MAX_MESSAGE = 65_535;

    private final NetFlowDecoder decoder;
    private final String exporter;
    private final byte[] window = new byte[2 * MAX_MESSAGE + 2];
    private int held;
    private boolean ended;

    MessageFile(NetFlowDecoder decoder, String exporter) {
        this.decoder = decoder;
        this.exporter = exporter;
    }

    void read(InputStream in, FlowSink sink) throws IOException {
        fill(in);
        boolean several = MessageLength.of(ByteBuffer.wrap(window, 0, held).slice()) < held;
        ExportSource source = several ? ExportSource.stream(exporter, 0) : ExportSource.of(exporter);
        while (held > 0) {
            int length = Math.min(
                    MAX_MESSAGE,
                    MessageLength.of(ByteBuffer.wrap(window, 0, held).slice()));
            boolean cut = length == MAX_MESSAGE && !(ended && length == held);
            decoder.decode(ExportMessage.read(source, ByteBuffer.wrap(window, 0, length), 0), sink);
            System.arraycopy(window, length, window, 0, held - length);
            held -= length;
            fill(in);
            if (cut) {
                // What follows a message longer than any can be is not told apart from it.
                decoder.statistics().countLost(DropReason.MALFORMED_FILE, 1);
                return;
            }
        }
    }

    private void fill(InputStream in) throws IOException {
        if (!ended) {
            int read = in.readNBytes(window, held, window.length - held);
            held += read;
            ended = held < window.length;
        }
    }
}
