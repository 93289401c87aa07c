package io.millrace.simulators.flow.internal;

import io.millrace.simulators.random.SeededRandom;

/** UDP and ICMP exchanges as packets on the wire. Bytes are IP bytes (headers included). */
final class DatagramWire {
    static final int UDP = 17;
    static final int ICMP = 1;
    /** IP and UDP header, or IP and ICMP header: 28 bytes both. */
    static final int HEADER = 28;

    private static final int LARGEST_PAYLOAD = 1472;

    private final SeededRandom random;

    DatagramWire(SeededRandom random) {
        this.random = random;
    }

    /** One request and its answer. An answer of negative size is one that never came. */
    SimulatedFlow query(
            long start,
            Endpoint source,
            Endpoint destination,
            int port,
            int requestBytes,
            int responseBytes,
            double serverSeconds) {
        boolean answered = responseBytes >= 0;
        double seconds = answered ? (source.delay + destination.delay) * random.uniform(0.9, 1.4) + serverSeconds : 0;
        return stream(
                start,
                source,
                source.ephemeralPort(random),
                destination,
                port,
                requestBytes,
                1,
                Math.max(0, responseBytes),
                answered ? packets(responseBytes) : 0,
                seconds);
    }

    /** A stream of datagrams: payload and packets each way over so many seconds. */
    SimulatedFlow stream(
            long start,
            Endpoint source,
            int sourcePort,
            Endpoint destination,
            int port,
            long payloadOut,
            long packetsOut,
            long payloadIn,
            long packetsIn,
            double seconds) {
        SimulatedFlow flow = TcpWire.empty(start, source, sourcePort, destination, port);
        flow.protocol = UDP;
        fill(flow, payloadOut, packetsOut, payloadIn, packetsIn, seconds);
        flow.state = packetsIn == 0 ? "S0" : packetsOut == 0 ? "SHR" : "SF";
        flow.history = packetsIn == 0 ? "D" : packetsOut == 0 ? "d" : "Dd";
        return flow;
    }

    /** Echo requests and replies of one payload size; {@code replies} may be zero. */
    SimulatedFlow echo(
            long start,
            Endpoint source,
            Endpoint destination,
            int payload,
            long requests,
            long replies,
            double seconds) {
        SimulatedFlow flow = icmp(start, source, destination, 8, 0);
        fill(flow, payload * requests, requests, payload * replies, replies, seconds);
        return flow;
    }

    /** An ICMP message in one direction, such as port unreachable (type 3, code 3). */
    SimulatedFlow message(long start, Endpoint source, Endpoint destination, int type, int code, int payload) {
        SimulatedFlow flow = icmp(start, source, destination, type, code);
        fill(flow, payload, 1, 0, 0, 0);
        return flow;
    }

    private static SimulatedFlow icmp(long start, Endpoint source, Endpoint destination, int type, int code) {
        SimulatedFlow flow = TcpWire.empty(start, source, SimulatedFlow.NONE, destination, SimulatedFlow.NONE);
        flow.protocol = ICMP;
        flow.icmpType = type;
        flow.icmpCode = code;
        flow.state = "OTH";
        return flow;
    }

    private static void fill(
            SimulatedFlow flow, long payloadOut, long packetsOut, long payloadIn, long packetsIn, double seconds) {
        flow.packetsOut = packetsOut;
        flow.packetsIn = packetsIn;
        flow.bytesOut = packetsOut == 0 ? 0 : payloadOut + packetsOut * HEADER;
        flow.bytesIn = packetsIn == 0 ? 0 : payloadIn + packetsIn * HEADER;
        flow.endMicros = flow.startMicros + (packetsOut + packetsIn <= 1 ? 0 : TcpWire.micros(seconds));
    }

    /** Returns the datagrams that so much payload needs, at least one. */
    static long packets(long payload) {
        return Math.max(1, (payload + LARGEST_PAYLOAD - 1) / LARGEST_PAYLOAD);
    }
}
