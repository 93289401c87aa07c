package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.AttackKind;

/**
 * A port scan or host sweep in the manner of the common tools, from one host or, as botnets do it, from many that probe a
 * little each. One step is one probe.
 */
final class ScanCampaign extends Campaign {
    private static final int[] FAVOURITE_PORTS = {
        22, 23, 80, 443, 445, 3389, 8080, 21, 25, 53, 110, 139, 143, 1433, 3306, 5432, 5900, 6379, 8443, 81, 2323, 5555,
        7547, 8081, 9200, 1723, 111, 135, 993, 995, 5060, 161, 123, 1900, 11211, 27017, 2375, 6443, 8000, 8888
    };

    /** How the probes look. */
    enum Method {
        /** Half-open: a bare SYN, reset when answered; fixed source port, small fixed-size packets. */
        SYN,
        /** Through the operating system's connect call: full SYN, handshake completed, then closed. */
        CONNECT,
        /** Empty or short datagrams. */
        UDP,
        /** FIN, NULL or Xmas packets, or bare ACKs. */
        ODD_FLAGS,
        /** Echo requests to many addresses. */
        ICMP,
        /** Open ports are asked who they are. */
        VERSION,
        /** After a drift: two SYNs with data offered at once, then silence. */
        FAST_OPEN
    }

    private final Method method;
    private final Endpoint[] attackers;
    private Endpoint attacker;
    private final boolean vertical;
    private final boolean sequential;
    private final Endpoint[] targets;
    private final int[] ports;
    private final int packetBytes;
    private final int flags;
    private final int sourcePort;
    private final int sourcePortSpread;
    private final int retries;
    private final double openShare;
    private final double silentShare;
    private final boolean unacknowledged;
    private int cursor;

    ScanCampaign(
            Traffic traffic,
            long number,
            long steps,
            double rate,
            Endpoint[] attackers,
            Method method,
            boolean outbound) {
        super(
                traffic,
                AttackKind.SCAN,
                method.name().toLowerCase(java.util.Locale.ROOT),
                number,
                steps,
                rate,
                traffic.random.chance(0.4) ? 1 : traffic.random.uniform(0, 0.5));
        this.method = method;
        this.attackers = attackers;
        this.attacker = attackers[0];
        this.vertical = method != Method.ICMP && random.chance(0.45);
        this.sequential = random.chance(0.35);
        this.targets = new Endpoint[vertical ? random.between(1, 3) : (int) Math.max(8, Math.min(steps, 4000))];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = outbound ? traffic.network.stranger() : traffic.network.anyHost();
        }
        this.ports = new int
                [vertical
                        ? (int) Math.max(10, Math.min(65_000, steps / targets.length))
                        : random.pick(new int[] {1, 1, 1, 2, 3, 8})];
        int firstPort = random.chance(0.5) ? 1 : random.between(1, 60_000 - Math.min(59_000, ports.length));
        for (int i = 0; i < ports.length; i++) {
            boolean favourite = vertical ? i < 30 && !sequential : random.chance(0.9);
            ports[i] = favourite
                    ? FAVOURITE_PORTS[random.below(FAVOURITE_PORTS.length)]
                    : sequential ? Math.min(65_535, firstPort + i) : random.between(1, 65_535);
        }
        this.packetBytes = switch (method) {
            case SYN -> random.pick(new int[] {40, 44, 44, 44, 48, 60});
            case UDP -> 28 + (random.chance(0.5) ? 0 : random.between(4, 90));
            case ODD_FLAGS -> 40;
            case ICMP -> random.pick(new int[] {0, 0, 8, 12, 32, 56, 120});
            default -> attacker.timestamps ? 60 : 52;
        };
        this.flags = random.pick(new int[] {
            TcpWire.FIN, 0, TcpWire.FIN | TcpWire.PSH | TcpWire.URG, TcpWire.ACK, TcpWire.FIN | TcpWire.ACK
        });
        this.sourcePort = random.between(32_768, 64_000);
        this.sourcePortSpread = random.pick(new int[] {1, 1, 2, 2, 16_000, 0});
        this.retries = random.pick(new int[] {0, 0, 1, 1, 2, 4});
        this.openShare = vertical ? random.logUniform(0.002, 0.08) : random.logUniform(0.01, 0.5);
        this.silentShare = random.uniform();
        this.unacknowledged = random.chance(0.25);
    }

    @Override
    void step(long now) {
        int at = cursor++;
        attacker = attackers[random.below(attackers.length)];
        Endpoint target = vertical
                ? targets[at % targets.length]
                : targets[sequential ? at % targets.length : random.below(targets.length)];
        int port = ports[vertical ? at / targets.length % ports.length : random.below(ports.length)];
        if (target == attacker) {
            return;
        }
        boolean open = random.chance(openShare);
        boolean silent = !open && random.chance(silentShare);
        switch (method) {
            case SYN -> syn(now, target, port, open, silent);
            case CONNECT, VERSION -> connect(now, target, port, open, silent);
            case UDP -> udp(now, target, port, open, silent);
            case ODD_FLAGS -> oddFlags(now, target, port, open || silent);
            case ICMP ->
                attack(traffic.datagrams.echo(
                        now,
                        attacker,
                        target,
                        packetBytes,
                        1 + retries,
                        open || !silent ? 1 + retries : 0,
                        retries + traffic.tcp.roundTrip(attacker, target)));
            case FAST_OPEN ->
                attack(traffic.tcp.probe(
                        flow(now, target, port),
                        TcpWire.SYN | TcpWire.PSH,
                        96,
                        2,
                        TcpWire.RST | TcpWire.ACK,
                        40,
                        open || silent ? 0 : 1,
                        0.2));
        }
    }

    private SimulatedFlow flow(long now, Endpoint target, int port) {
        int own = sourcePortSpread == 0
                ? attacker.ephemeralPort(random)
                : Math.min(65_535, sourcePort - random.below(sourcePortSpread));
        return TcpWire.empty(now, attacker, own, target, port);
    }

    private void syn(long now, Endpoint target, int port, boolean open, boolean silent) {
        double roundTrip = traffic.tcp.roundTrip(attacker, target);
        SimulatedFlow flow = flow(now, target, port);
        if (silent) {
            attack(traffic.tcp.probe(
                    flow, TcpWire.SYN, packetBytes, 1 + retries, 0, 0, 0, retries * random.uniform(0.3, 1.2)));
        } else if (open && unacknowledged) {
            // Nothing tells the target that its answer arrived, so it repeats it.
            int repeats = random.between(2, 6);
            double seconds = (1 << (repeats - 1)) - 1 + roundTrip;
            attack(traffic.tcp.probe(
                    flow, TcpWire.SYN, packetBytes, 1, TcpWire.SYN | TcpWire.ACK, 44, repeats, seconds));
        } else if (open) {
            int flags = TcpWire.SYN | TcpWire.RST;
            attack(traffic.tcp.probe(
                    flow, flags, Math.min(packetBytes, 44), 2, TcpWire.SYN | TcpWire.ACK, 44, 1, roundTrip));
        } else {
            attack(traffic.tcp.probe(flow, TcpWire.SYN, packetBytes, 1, TcpWire.RST | TcpWire.ACK, 40, 1, roundTrip));
        }
    }

    private void connect(long now, Endpoint target, int port, boolean open, boolean silent) {
        if (silent) {
            attack(traffic.tcp.unanswered(now, attacker, target, port, retries));
        } else if (!open) {
            attack(traffic.tcp.refused(now, attacker, target, port, 1));
        } else if (method == Method.VERSION) {
            attack(traffic.tcp.session(
                    now,
                    attacker,
                    target,
                    port,
                    random.between(0, 200),
                    random.between(20, 1200),
                    1,
                    random.uniform(0, 6)));
        } else {
            attack(connected(now, target, port));
        }
    }

    /** Handshake completed and torn down at once: three or four packets out, one or two in. */
    private SimulatedFlow connected(long now, Endpoint target, int port) {
        int header = attacker.timestamps ? 52 : 40;
        int in = random.chance(0.8) ? 1 : 2;
        int flags = TcpWire.SYN | TcpWire.ACK | TcpWire.RST;
        SimulatedFlow flow = TcpWire.empty(now, attacker, attacker.ephemeralPort(random), target, port);
        double seconds = traffic.tcp.roundTrip(attacker, target) * in + 0.0004;
        return traffic.tcp.probe(
                flow, flags, header + 3, random.between(3, 4), TcpWire.SYN | TcpWire.ACK, header + 8, in, seconds);
    }

    private void udp(long now, Endpoint target, int port, boolean open, boolean silent) {
        int payload = packetBytes - DatagramWire.HEADER;
        long answer = open ? random.between(30, 400) : 0;
        int sent = open ? 1 : 1 + retries;
        attack(traffic.datagrams.stream(
                now,
                attacker,
                flow(now, target, port).sourcePort,
                target,
                port,
                (long) payload * sent,
                sent,
                answer,
                open ? 1 : 0,
                retries + 0.03));
        if (!open && !silent && random.chance(0.1)) {
            // The answering host's own message; harmless in itself, so not labelled.
            traffic.add(traffic.datagrams.message(Traffic.after(now, 0.002), target, attacker, 3, 3, packetBytes + 8));
        }
    }

    private void oddFlags(long now, Endpoint target, int port, boolean noAnswer) {
        double roundTrip = traffic.tcp.roundTrip(attacker, target);
        int sent = noAnswer ? 1 + retries : 1;
        attack(traffic.tcp.probe(
                flow(now, target, port),
                flags,
                packetBytes,
                sent,
                TcpWire.RST | ((flags & TcpWire.ACK) == 0 ? TcpWire.ACK : 0),
                40,
                noAnswer ? 0 : 1,
                noAnswer ? retries * 1.0 : roundTrip));
    }
}
