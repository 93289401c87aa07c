package io.millrace.connectors.netflow;

/**
 * Where an export comes from, which decides whose templates it is read by (RFC 7011, 8: templates belong to a transport
 * session and observation domain; RFC 7011, 8.4: over UDP address and port make the session).
 *
 * @param address exporter's address in the form of {@link io.millrace.connectors.flow.AddressText}, or a name where
 *     there is none
 * @param port exporter's port; 0 where there is none
 * @param transport how it came
 */
public record ExportSource(String address, int port, Transport transport) {

    /** How an export came. */
    public enum Transport {
        /** Single datagrams: templates are refreshed now and then, and a withdrawal is not to be obeyed. */
        DATAGRAM,
        /** An ordered stream, IPFIX over TCP or an IPFIX file (RFC 5655): withdrawals count. */
        STREAM
    }

    /** The source by which templates are kept; files are one exporter whatever their form. */
    public ExportSource session() {
        return port == 0 ? of(address) : this;
    }

    /** Datagrams of an exporter whose port is not known. */
    public static ExportSource of(String address) {
        return new ExportSource(address, 0, Transport.DATAGRAM);
    }

    /** Datagrams from a port. */
    public static ExportSource datagrams(String address, int port) {
        return new ExportSource(address, port, Transport.DATAGRAM);
    }

    /** A connection, or a file if the port is 0. */
    public static ExportSource stream(String address, int port) {
        return new ExportSource(address, port, Transport.STREAM);
    }
}
