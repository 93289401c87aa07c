package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;

/**
 * What came in one piece: a datagram, a message of a stream, or several messages one behind the other.
 *
 * @param source where it comes from
 * @param payload its bytes, from position to limit; left as they are
 * @param receivedMillis when it arrived here, milliseconds since the epoch, or {@link NetFlowDecoder#NOT_RECEIVED}
 * @param datedMillis when it passed the wire, milliseconds since the epoch: the time of receipt, or that of its capture;
 *     0 if that is not known. It is the time of flows whose export has no clock (sFlow)
 */
public record ExportMessage(ExportSource source, ByteBuffer payload, long receivedMillis, long datedMillis) {

    /** A message that arrived. */
    public static ExportMessage received(ExportSource source, ByteBuffer payload, long millis) {
        return new ExportMessage(source, payload, millis, millis);
    }

    /** A message that was read from a file. */
    public static ExportMessage read(ExportSource source, ByteBuffer payload, long capturedMillis) {
        return new ExportMessage(source, payload, NetFlowDecoder.NOT_RECEIVED, capturedMillis);
    }
}
