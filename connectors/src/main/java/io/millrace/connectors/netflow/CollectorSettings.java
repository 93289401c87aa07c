package io.millrace.connectors.netflow;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * How to collect.
 *
 * @param listen address to receive datagrams on; port 0 takes a free one
 * @param listenStreams address to accept connections on (IPFIX over TCP, RFC 7011, 10.4); null for none
 * @param queueDatagrams messages that may wait for decoding
 * @param receiveBufferBytes socket buffer to ask the system for, which may give less
 * @param pairWindowMillis how long a record waits for its other direction; 0 passes every record on as it is
 * @param allowed exporters that are heard; empty for all
 * @param templates file in which templates are kept over a restart; null for none
 * @param options how exports are decoded
 */
public record CollectorSettings(
        InetSocketAddress listen,
        InetSocketAddress listenStreams,
        int queueDatagrams,
        int receiveBufferBytes,
        long pairWindowMillis,
        List<AddressRange> allowed,
        Path templates,
        DecoderOptions options) {

    public CollectorSettings {
        allowed = List.copyOf(allowed);
    }

    /** Usual settings for an address: datagrams of all exporters, pairing within a second. */
    public static CollectorSettings on(InetSocketAddress listen) {
        return new CollectorSettings(
                listen, null, 16_384, 8 << 20, 1000, List.of(), null, DecoderOptions.within(DecoderLimits.COLLECTOR));
    }

    /** The same with another time to wait for the other direction. */
    public CollectorSettings withPairWindow(long millis) {
        return new CollectorSettings(
                listen, listenStreams, queueDatagrams, receiveBufferBytes, millis, allowed, templates, options);
    }

    /** The same with another queue. */
    public CollectorSettings withQueue(int datagrams) {
        return new CollectorSettings(
                listen, listenStreams, datagrams, receiveBufferBytes, pairWindowMillis, allowed, templates, options);
    }

    /** The same with an address for connections, which may be null. */
    public CollectorSettings withStreams(InetSocketAddress address) {
        return new CollectorSettings(
                listen, address, queueDatagrams, receiveBufferBytes, pairWindowMillis, allowed, templates, options);
    }

    /** The same for these exporters alone; for all, if there are none. */
    public CollectorSettings withAllowed(List<AddressRange> ranges) {
        return new CollectorSettings(
                listen,
                listenStreams,
                queueDatagrams,
                receiveBufferBytes,
                pairWindowMillis,
                ranges,
                templates,
                options);
    }

    /** The same with a file of templates, which may be null. */
    public CollectorSettings withTemplates(Path file) {
        return new CollectorSettings(
                listen, listenStreams, queueDatagrams, receiveBufferBytes, pairWindowMillis, allowed, file, options);
    }

    /** The same, decoded in another way. */
    public CollectorSettings withOptions(DecoderOptions other) {
        return new CollectorSettings(
                listen, listenStreams, queueDatagrams, receiveBufferBytes, pairWindowMillis, allowed, templates, other);
    }

    /** Whether an exporter is heard. */
    public boolean allows(InetAddress exporter) {
        return allowed.isEmpty() || allowed.stream().anyMatch(range -> range.contains(exporter));
    }
}
