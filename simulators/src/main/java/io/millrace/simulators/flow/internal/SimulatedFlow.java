package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.AttackKind;

/** A flow as the wire saw it, before an exporter's view is taken. Times in microseconds since the epoch. */
public final class SimulatedFlow {
    /** Marks a port or ICMP field that the protocol does not have. */
    static final int NONE = -1;

    long startMicros;
    long endMicros;
    /** When the exporter reports it: the end time plus the delay of export. */
    long emitMicros;
    /** Order of creation; breaks ties. */
    long sequence;

    Endpoint source;
    Endpoint destination;
    int sourcePort = NONE;
    int destinationPort = NONE;
    int protocol;
    long bytesOut;
    long bytesIn;
    long packetsOut;
    long packetsIn;
    int flagsOut;
    int flagsIn;
    int icmpType = NONE;
    int icmpCode = NONE;
    int typeOfService;
    String service;
    String state;
    String history;
    /** Null for benign flows. */
    AttackKind attack;
    /** Name of the attack campaign; null for benign flows. */
    String campaign;
    /** The sensor that sees the flow. */
    int sensor;

    SimulatedFlow copy() {
        SimulatedFlow other = new SimulatedFlow();
        other.startMicros = startMicros;
        other.endMicros = endMicros;
        other.source = source;
        other.destination = destination;
        other.sourcePort = sourcePort;
        other.destinationPort = destinationPort;
        other.protocol = protocol;
        other.flagsOut = flagsOut;
        other.flagsIn = flagsIn;
        other.icmpType = icmpType;
        other.icmpCode = icmpCode;
        other.typeOfService = typeOfService;
        other.service = service;
        other.state = state;
        other.history = history;
        other.attack = attack;
        other.campaign = campaign;
        other.sensor = sensor;
        return other;
    }

    /** Lengthens the flow by idle time after its last data. */
    SimulatedFlow lingering(double seconds) {
        endMicros += (long) (seconds * 1e6);
        return this;
    }

    SimulatedFlow service(String name) {
        service = name;
        return this;
    }

    SimulatedFlow typeOfService(int value) {
        typeOfService = value;
        return this;
    }
}
