package io.millrace.connectors.netflow.internal;

import java.net.InetSocketAddress;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.netflow.ExportSource;

/**
 * What waits for decoding.
 *
 * @param source where it came from
 * @param payload a message; null where a connection has ended
 * @param millis when it came, milliseconds since the epoch
 */
public record Arrival(ExportSource source, byte[] payload, long millis) {

    /** A datagram that has come now. */
    public static Arrival datagram(InetSocketAddress from, byte[] payload) {
        ExportSource source = ExportSource.datagrams(AddressText.of(from.getAddress()), from.getPort());
        return new Arrival(source, payload, System.currentTimeMillis());
    }

    /** A message of a connection that has come now. */
    static Arrival message(ExportSource connection, byte[] payload) {
        return new Arrival(connection, payload, System.currentTimeMillis());
    }

    /** The end of a connection. */
    static Arrival end(ExportSource connection) {
        return new Arrival(connection, null, System.currentTimeMillis());
    }

    /** Whether the connection has ended. */
    public boolean end() {
        return payload == null;
    }
}
