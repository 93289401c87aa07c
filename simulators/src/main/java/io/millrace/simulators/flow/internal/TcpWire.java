package io.millrace.simulators.flow.internal;

import io.millrace.simulators.random.SeededRandom;

/**
 * TCP connections as packets on the wire: handshake, segments, delayed acknowledgements, the ways of closing, and what
 * failed attempts leave. Bytes are IP bytes (headers included), as flow exporters count them.
 */
final class TcpWire {
    static final int PROTOCOL = 6;
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int URG = 32;

    private static final int MTU = 1500;
    private static final int ESTABLISHED = SYN | ACK | PSH;
    private static final String[] GRACEFUL = {"ShADadFf", "ShADadfF", "ShADdaFf", "ShADadcfF", "ShADaFdRf"};

    private final SeededRandom random;

    TcpWire(SeededRandom random) {
        this.random = random;
    }

    /**
     * A connection that was answered.
     *
     * @param requestBytes payload from the opening host
     * @param responseBytes payload from the answering host
     * @param exchanges request-response turns, each costing a round trip
     * @param think seconds without traffic inside the connection
     */
    SimulatedFlow session(
            long start,
            Endpoint source,
            Endpoint destination,
            int port,
            long requestBytes,
            long responseBytes,
            int exchanges,
            double think) {
        SimulatedFlow flow = empty(start, source, source.ephemeralPort(random), destination, port);
        boolean stamps = source.timestamps && destination.timestamps;
        int header = stamps ? 52 : 40;
        int segment = MTU - header;
        long dataOut = requestBytes == 0 ? 0 : Math.max(exchanges, (requestBytes + segment - 1) / segment);
        long dataIn = responseBytes == 0 ? 0 : Math.max(exchanges, (responseBytes + segment - 1) / segment);
        double ackRatio = random.uniform(0.25, 0.6);
        long acksOut = Math.max(0, (long) (dataIn * ackRatio) - exchanges / 2);
        long acksIn = Math.max(0, (long) (dataOut * ackRatio) - exchanges / 2);
        long keepAlives = think > 45 ? Math.min(200, (long) (think / 45)) : 0;
        flow.packetsOut = 2 + dataOut + acksOut + keepAlives;
        flow.packetsIn = 1 + dataIn + acksIn + keepAlives;
        flow.bytesOut = requestBytes + flow.packetsOut * header + (stamps ? 8 : 12);
        flow.bytesIn = responseBytes + flow.packetsIn * header + (stamps ? 8 : 12);
        flow.flagsOut = requestBytes > 0 ? ESTABLISHED : SYN | ACK;
        flow.flagsIn = responseBytes > 0 ? ESTABLISHED : SYN | ACK;
        double roundTrip = roundTrip(source, destination);
        double rate = Math.min(source.bandwidth, destination.bandwidth) * random.uniform(0.3, 1);
        double slowStart = Math.min(8, (dataIn + dataOut) / 12.0);
        double seconds = roundTrip * (2 + exchanges + slowStart) + (requestBytes + responseBytes) / rate + think;
        flow.endMicros = start + micros(seconds);
        close(flow, header);
        return flow;
    }

    private void close(SimulatedFlow flow, int header) {
        double draw = random.uniform();
        if (draw < 0.74) {
            flow.state = "SF";
            flow.history = GRACEFUL[random.below(GRACEFUL.length)];
            end(flow, FIN, random.between(1, 2), FIN, random.between(1, 2), header);
        } else if (draw < 0.82) {
            flow.state = "RSTO";
            flow.history = "ShADadfR";
            end(flow, FIN | RST, random.between(1, 2), FIN, 1, header);
        } else if (draw < 0.87) {
            flow.state = "RSTR";
            flow.history = "ShADadFr";
            end(flow, FIN, 1, RST, random.between(1, 2), header);
        } else if (draw < 0.93) {
            flow.state = "S1";
            flow.history = "ShADad";
        } else if (draw < 0.96) {
            flow.state = "S2";
            flow.history = "ShADadF";
            end(flow, FIN, 1, 0, 1, header);
        } else {
            flow.state = "S3";
            flow.history = "ShADadf";
            end(flow, 0, 1, FIN, 1, header);
        }
    }

    private static void end(SimulatedFlow flow, int flagsOut, int packetsOut, int flagsIn, int packetsIn, int header) {
        flow.flagsOut |= flagsOut;
        flow.flagsIn |= flagsIn;
        flow.packetsOut += packetsOut;
        flow.packetsIn += packetsIn;
        flow.bytesOut += (long) packetsOut * header;
        flow.bytesIn += (long) packetsIn * header;
    }

    /** Makes the opening host end the connection by a reset: what scanners and impatient clients do. */
    SimulatedFlow resetBySource(SimulatedFlow flow) {
        flow.state = "RSTO";
        flow.history = "ShADadR";
        flow.flagsOut |= RST;
        flow.flagsOut &= ~FIN;
        flow.flagsIn &= ~(FIN | RST);
        return flow;
    }

    /** A connection attempt that nobody answers: first packet and retransmissions after 1, 3, 7 ... seconds. */
    SimulatedFlow unanswered(long start, Endpoint source, Endpoint destination, int port, int retries) {
        SimulatedFlow flow = empty(start, source, source.ephemeralPort(random), destination, port);
        return probe(
                flow, SYN, synBytes(source), 1 + retries, 0, 0, 0, ((1L << retries) - 1) * random.uniform(0.98, 1.05));
    }

    /** A connection attempt that the other host refuses with a reset. */
    SimulatedFlow refused(long start, Endpoint source, Endpoint destination, int port, int attempts) {
        SimulatedFlow flow = empty(start, source, source.ephemeralPort(random), destination, port);
        double seconds = roundTrip(source, destination) + (attempts - 1) * 0.5;
        return probe(flow, SYN, synBytes(source), attempts, RST | ACK, 40, attempts, seconds);
    }

    /** Fills a flow of bare packets: so many of one size and one set of flags each way. */
    SimulatedFlow probe(
            SimulatedFlow flow,
            int flagsOut,
            int sizeOut,
            long packetsOut,
            int flagsIn,
            int sizeIn,
            long packetsIn,
            double seconds) {
        flow.packetsOut = packetsOut;
        flow.packetsIn = packetsIn;
        flow.bytesOut = packetsOut * sizeOut;
        flow.bytesIn = packetsIn * sizeIn;
        flow.flagsOut = packetsOut > 0 ? flagsOut : 0;
        flow.flagsIn = packetsIn > 0 ? flagsIn : 0;
        flow.endMicros = flow.startMicros + (packetsOut + packetsIn <= 1 ? 0 : micros(seconds));
        boolean syn = (flagsOut & SYN) != 0 && (flagsOut & (ACK | RST)) != ACK;
        if (packetsIn == 0) {
            flow.state = syn ? "S0" : (flagsOut & RST) != 0 ? "RSTOS0" : (flagsOut & FIN) != 0 ? "SH" : "OTH";
            flow.history = syn ? "S" : (flagsOut & RST) != 0 ? "R" : (flagsOut & FIN) != 0 ? "F" : "A";
        } else if ((flagsIn & RST) != 0) {
            flow.state = syn ? "REJ" : "OTH";
            flow.history = syn ? "Sr" : "Ar";
        } else {
            boolean reset = (flagsOut & RST) != 0;
            boolean opened = (flagsOut & SYN) != 0;
            flow.state = opened ? (reset ? "RSTO" : "S1") : "OTH";
            flow.history = opened ? (reset ? "ShR" : "Sh") : "Aa";
        }
        return flow;
    }

    /** Returns a flow with addresses, ports and sensor set and no packets yet. */
    static SimulatedFlow empty(long start, Endpoint source, int sourcePort, Endpoint destination, int port) {
        SimulatedFlow flow = new SimulatedFlow();
        flow.protocol = PROTOCOL;
        flow.startMicros = start;
        flow.endMicros = start;
        flow.source = source;
        flow.sourcePort = sourcePort;
        flow.destination = destination;
        flow.destinationPort = port;
        flow.sensor = source.internal() ? source.sensor : Math.max(0, destination.sensor);
        return flow;
    }

    double roundTrip(Endpoint source, Endpoint destination) {
        return (source.delay + destination.delay) * random.uniform(0.9, 1.4);
    }

    static int synBytes(Endpoint source) {
        return source.timestamps ? 60 : 52;
    }

    static long micros(double seconds) {
        return Math.max(1, (long) (seconds * 1e6));
    }
}
