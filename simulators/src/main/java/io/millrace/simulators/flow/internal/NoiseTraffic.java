package io.millrace.simulators.flow.internal;

import io.millrace.simulators.random.SeededRandom;

/** Harmless traffic that looks odd: failed and refused connections, wrong settings, group look-ups, backscatter. */
final class NoiseTraffic {
    private static final int[] COMMON_PORTS = {443, 443, 80, 445, 22, 3389, 8080, 5432, 139, 53, 9100, 25, 8443, 5985};

    private final Traffic traffic;
    private final SeededRandom random;

    NoiseTraffic(Traffic traffic) {
        this.traffic = traffic;
        this.random = traffic.random;
    }

    /** A connection to a host or service that is gone, with the few repetitions a person or programme makes. */
    void failure(long now, Host user) {
        Endpoint target = random.chance(0.5) ? traffic.network.anyHost() : traffic.network.service(user);
        int port = random.chance(0.85) ? random.pick(COMMON_PORTS) : random.between(1025, 60_000);
        int repetitions = random.chance(0.6) ? 1 : random.between(2, 6);
        boolean refused = random.chance(0.5);
        int retries = random.between(1, 4);
        long at = now;
        for (int i = 0; i < repetitions; i++) {
            traffic.add(
                    refused
                            ? traffic.tcp.refused(at, user, target, port, random.between(1, 3))
                            : traffic.tcp.unanswered(at, user, target, port, retries));
            at = Traffic.after(at, random.exponential(4));
        }
    }

    /** A programme with a wrong setting tries the same dead service again and again. */
    void wrongSetting(long now, Host host) {
        Endpoint target =
                host.taste % 2 == 0 ? traffic.network.own(HostRole.DATABASE, host) : traffic.network.vendor(host.taste);
        int port = COMMON_PORTS[host.taste % COMMON_PORTS.length];
        int repetitions = random.between(3, 20);
        double gap = random.logUniform(0.5, 30);
        boolean refused = host.taste % 3 == 0;
        boolean denied = host.taste % 3 == 1;
        for (int i = 0; i < repetitions; i++) {
            long at = Traffic.after(now, i * gap * random.uniform(0.97, 1.05));
            traffic.add(
                    refused
                            ? traffic.tcp.refused(at, host, target, port, 1)
                            : denied
                                    ? traffic.tcp.session(
                                            at,
                                            host,
                                            target,
                                            port,
                                            random.between(180, 600),
                                            random.between(150, 700),
                                            2,
                                            0)
                                    : traffic.tcp.unanswered(at, host, target, port, 2));
        }
    }

    /** A question to everyone on the link: mDNS, SSDP, LLMNR or NetBIOS names. */
    void group(long now, Host host) {
        int which = random.below(4);
        int port = new int[] {5353, 1900, 5355, 137}[which];
        int packets = random.between(1, 5);
        int source = which == 0 || which == 3 ? port : host.ephemeralPort(random);
        int payload = which == 1 ? random.between(125, 320) : random.between(22, 210);
        traffic.add(traffic.datagrams.stream(
                        now,
                        host,
                        source,
                        traffic.network.multicastGroup(which),
                        port,
                        (long) packets * payload,
                        packets,
                        0,
                        0,
                        (packets - 1) * random.uniform(0.1, 1))
                .service(which == 1 ? null : "dns"));
    }

    /** A person pings something. */
    void ping(long now, Host user) {
        Endpoint target = random.chance(0.5) ? traffic.network.anyHost() : traffic.network.service(user);
        int count = random.chance(0.7) ? 4 : random.between(1, 60);
        traffic.add(traffic.datagrams.echo(
                now,
                user,
                target,
                random.pick(new int[] {32, 56}),
                count,
                random.chance(0.85) ? count : 0,
                count - 1 + 0.02));
    }

    /** What the internet sends to every address: answers to packets somebody forged, and lost strays. */
    void backscatter(long now) {
        Endpoint stranger = traffic.network.stranger();
        Host host = traffic.network.anyHost();
        double draw = random.uniform();
        if (draw < 0.35) {
            SimulatedFlow flow = TcpWire.empty(
                    now, stranger, random.pick(new int[] {80, 443, 22, 25565}), host, random.between(1025, 65_000));
            int flags = random.chance(0.6) ? TcpWire.SYN | TcpWire.ACK : TcpWire.RST | TcpWire.ACK;
            boolean answered = flags == (TcpWire.SYN | TcpWire.ACK) && random.chance(0.3);
            traffic.add(traffic.tcp.probe(
                    flow, flags, 44, random.between(1, 4), TcpWire.RST, 40, answered ? 1 : 0, random.uniform(0.1, 9)));
        } else if (draw < 0.6) {
            traffic.add(traffic.datagrams.message(
                    now, stranger, host, 3, random.pick(new int[] {1, 3, 13}), random.between(28, 96)));
        } else if (draw < 0.85) {
            traffic.add(traffic.datagrams.stream(
                    now,
                    stranger,
                    random.between(1025, 65_000),
                    host,
                    random.between(1025, 65_000),
                    random.between(20, 300),
                    1,
                    0,
                    0,
                    0));
        } else {
            SimulatedFlow flow = TcpWire.empty(now, stranger, 443, host, host.ephemeralPort(random));
            int packets = random.between(1, 5);
            traffic.add(traffic.tcp.probe(
                    flow,
                    TcpWire.ACK | TcpWire.FIN | TcpWire.PSH,
                    71,
                    packets,
                    TcpWire.RST,
                    40,
                    random.chance(0.6) ? packets : 0,
                    packets * 2.5));
        }
    }
}
