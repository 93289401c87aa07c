package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.schemas.FlowFormat;

/**
 * Where the fields of the versions without templates stand. Hosts, counters, uptimes, ports, protocol and type of service
 * are in the same places in all; version 1 knows neither sequence nor routes, version 7 (Catalyst switches) adds the
 * router that was passed by, and version 5 alone says in its header how packets are sampled: two bits of mode, of which
 * exporters often set none, and fourteen of interval.
 */
enum ClassicLayout {
    V1(1, FlowFormat.NETFLOW_V1, 16, 52, 40),
    V5(5, FlowFormat.NETFLOW_V5, 24, 48, 37),
    V7(7, FlowFormat.NETFLOW_V7, 24, 52, 37);

    private final int version;
    private final FlowFormat format;
    private final int headerLength;
    private final int recordLength;
    private final int flagsAt;

    ClassicLayout(int version, FlowFormat format, int headerLength, int recordLength, int flagsAt) {
        this.version = version;
        this.format = format;
        this.headerLength = headerLength;
        this.recordLength = recordLength;
        this.flagsAt = flagsAt;
    }

    /** The layout of a version, or null if the version has none. */
    static ClassicLayout of(int version) {
        return switch (version) {
            case 1 -> V1;
            case 5 -> V5;
            case 7 -> V7;
            default -> null;
        };
    }

    int version() {
        return version;
    }

    FlowFormat format() {
        return format;
    }

    /** Bytes of the header. */
    int headerLength() {
        return headerLength;
    }

    /** Bytes of a record. */
    int recordLength() {
        return recordLength;
    }

    /** Where in a record the TCP flags stand. */
    int flagsAt() {
        return flagsAt;
    }

    /** Whether records name networks and autonomous systems. */
    boolean routed() {
        return this != V1;
    }

    /** Whether flows are numbered. */
    boolean numbered() {
        return this != V1;
    }

    /** Whether the header says how packets are sampled. */
    boolean samples() {
        return this == V5;
    }

    /** Number of the first flow of a datagram; for version 1, which has none, what tells datagrams apart. */
    long sequence(ByteBuffer data) {
        return (numbered() ? data.getInt(16) : data.getInt(4) * 31 + data.getInt(12)) & 0xffffffffL;
    }

    /** Type and number of the switching engine, the source identifier of later versions. */
    int engine(ByteBuffer data) {
        return this == V5 ? data.getShort(20) & 0xffff : 0;
    }
}
