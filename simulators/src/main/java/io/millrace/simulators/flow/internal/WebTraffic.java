package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.DriftKind;
import io.millrace.simulators.random.SeededRandom;

/** Browsing and other use of web services: name look-ups, bursts of connections, streams, uploads, updates. */
final class WebTraffic {
    private static final double[] SERVER_TIMEOUTS = {5, 15, 30, 60, 65, 75, 120, 180, 240, 300, 350};

    private final Traffic traffic;
    private final SeededRandom random;

    WebTraffic(Traffic traffic) {
        this.traffic = traffic;
        this.random = traffic.random;
    }

    /** One page: the site itself and what it draws from other sites. */
    void page(long now, Host user) {
        Endpoint site = traffic.network.service(user);
        long at = resolve(now, user);
        int port = random.chance(0.06) ? 80 : 443;
        connection(at, user, site, port, traffic.size(1900, 0.9), traffic.size(14_000, 1.7), random.between(1, 8));
        int others = (int) Math.min(24, random.pareto(1, 0.9, 25)) - 1;
        for (int i = 0; i < others; i++) {
            long then = Traffic.after(at, random.exponential(0.6) + 0.05);
            Endpoint part = traffic.network.service(user);
            if (random.chance(0.35)) {
                then = resolve(then, user);
            }
            connection(then, user, part, 443, traffic.size(1600, 0.7), traffic.size(4500, 1.7), random.between(1, 4));
        }
    }

    /** One call of a programme to its service: telemetry, synchronisation, licence and certificate checks. */
    void call(long now, Host user) {
        Endpoint service = random.chance(0.6)
                ? traffic.network.vendor(user.taste + random.below(12))
                : traffic.network.service(user);
        long at = random.chance(0.4) ? resolve(now, user) : now;
        boolean plain = random.chance(0.12);
        if (plain) {
            connection(at, user, service, 80, traffic.size(330, 0.4), traffic.size(900, 1.1), 1);
        } else {
            connection(at, user, service, 443, traffic.size(2100, 0.8), traffic.size(2800, 1.1), random.between(1, 5));
        }
    }

    /** A programme posts what it gathered to its service: connections in bursts, each with more sent than received. */
    void report(long now, Host user) {
        Endpoint service = traffic.network.vendor(user.taste + 150 + random.below(3));
        long at = random.chance(0.3) ? resolve(now, user) : now;
        int posts = random.between(1, 12);
        for (int i = 0; i < posts; i++) {
            traffic.add(traffic.tcp
                    .session(
                            at,
                            user,
                            service,
                            443,
                            traffic.size(2600, 0.6),
                            traffic.size(900, 0.6),
                            random.between(2, 5),
                            random.chance(0.8) ? 0 : random.exponential(10))
                    .service("ssl"));
            at = Traffic.after(at, random.exponential(2));
        }
    }

    /** A film or a piece of music: a few large responses, some over QUIC. */
    void stream(long now, Host user) {
        Endpoint service = traffic.network.vendor(user.taste % 40);
        long at = resolve(now, user);
        double seconds = Math.min(5400, random.logNormal(240, 1.2));
        long bytes = (long) (seconds * random.logNormal(350_000, 0.7));
        int pieces = random.between(1, 4);
        for (int i = 0; i < pieces; i++) {
            SimulatedFlow flow = secure(
                    Traffic.after(at, i * seconds / pieces),
                    user,
                    service,
                    443,
                    5000 + bytes / pieces / 400,
                    Math.max(20_000, bytes / pieces),
                    random.between(10, 60));
            traffic.add(flow.lingering(seconds / pieces));
        }
    }

    /** A file carried to a service: mail attachments, photographs, shared folders. */
    void upload(long now, Host user) {
        Endpoint service = traffic.network.service(user);
        long at = resolve(now, user);
        traffic.add(secure(
                at, user, service, 443, traffic.size(450_000, 1.7), traffic.size(6000, 0.7), random.between(2, 12)));
    }

    /** A programme or system update: large downloads from the vendor. */
    void update(long now, Host user) {
        Endpoint service = traffic.network.vendor(user.taste % 16);
        long at = resolve(now, user);
        int files = random.between(1, 6);
        for (int i = 0; i < files; i++) {
            int port = random.chance(0.4) ? 80 : 443;
            connection(
                    Traffic.after(at, i * 0.8),
                    user,
                    service,
                    port,
                    800,
                    traffic.size(1_500_000, 1.8),
                    random.between(1, 4));
        }
    }

    /** A long-held connection over which a service pushes messages. */
    void push(long now, Host user) {
        int port = random.pick(new int[] {443, 443, 5223, 5228, 8883});
        double seconds = Math.min(20_000, random.logNormal(900, 1.2));
        int messages = (int) Math.max(1, seconds / 60);
        SimulatedFlow flow = traffic.tcp.session(
                now,
                user,
                traffic.network.vendor(user.taste % 9),
                port,
                1200 + messages * 60L,
                3500 + messages * 90L,
                Math.min(200, messages),
                seconds);
        traffic.add(flow.service(port == 8883 ? "mqtt" : "ssl"));
    }

    /** The application that a drift brings in: conferencing with media over UDP and control over TCP 9443. */
    void newApplication(long now, Host user) {
        Endpoint service = traffic.network.vendor(190 + random.below(6));
        long at = resolve(now, user);
        traffic.add(traffic.tcp
                .session(
                        at,
                        user,
                        service,
                        9443,
                        traffic.size(9000, 0.5),
                        traffic.size(22_000, 0.6),
                        20,
                        random.uniform(5, 60))
                .service("ssl"));
        int streams = random.between(1, 4);
        for (int i = 0; i < streams; i++) {
            double seconds = Math.min(3000, random.logNormal(60, 1.0));
            long packets = (long) Math.max(4, seconds * random.uniform(20, 120));
            traffic.add(traffic.datagrams.stream(
                    Traffic.after(at, 0.2 * i + 0.1),
                    user,
                    user.ephemeralPort(random),
                    service,
                    random.between(8801, 8810),
                    packets * random.between(180, 1050),
                    packets,
                    packets * random.between(180, 1050),
                    packets,
                    seconds));
        }
    }

    /** A look-up or two at the host's resolver; returns when the name is known. */
    long resolve(long now, Host user) {
        if (random.chance(0.3)) {
            return now;
        }
        Host resolver = traffic.network.own(HostRole.RESOLVER, user);
        double serverSeconds = random.chance(0.6) ? 0.0004 : random.exponential(0.03);
        int name = random.between(12, 45);
        int lookups = random.chance(0.55) ? 2 : 1;
        for (int i = 0; i < lookups; i++) {
            SimulatedFlow flow = traffic.datagrams.query(
                    now + i * 150L,
                    user,
                    resolver,
                    53,
                    17 + name,
                    33 + name + random.between(0, 14) * 16,
                    serverSeconds);
            traffic.add(flow.service("dns"));
        }
        return Traffic.after(now, serverSeconds + 0.003);
    }

    private void connection(
            long at, Host user, Endpoint service, int port, long request, long response, int exchanges) {
        double failure = random.uniform();
        if (failure < 0.012) {
            traffic.add(traffic.tcp.unanswered(at, user, service, port, random.between(1, 3)));
            return;
        }
        double quic = user.quicShare + (1 - user.quicShare) * traffic.drift.share(DriftKind.QUIC);
        if (port == 443 && random.chance(quic)) {
            traffic.add(quic(at, user, service, request, response));
        } else if (port == 443) {
            SimulatedFlow flow = secure(at, user, service, port, request, response, exchanges);
            traffic.add(flow);
            if (random.chance(0.08)) {
                leftover(flow);
            }
        } else {
            double idle = random.chance(0.5) ? 0 : random.exponential(5);
            traffic.add(traffic.tcp
                    .session(at, user, service, port, Math.max(120, request / 3), response, exchanges, idle)
                    .service("http"));
        }
    }

    /**
     * What exporters see of a connection they had forgotten: keep-alives of an idle one, or its late end. Reported as a
     * flow of its own, often begun by the answering side.
     */
    private void leftover(SimulatedFlow old) {
        long at = Traffic.after(old.endMicros, random.logUniform(20, 400));
        double draw = random.uniform();
        boolean swapped = random.chance(0.3);
        SimulatedFlow flow = swapped
                ? TcpWire.empty(at, old.destination, old.destinationPort, old.source, old.sourcePort)
                : TcpWire.empty(at, old.source, old.sourcePort, old.destination, old.destinationPort);
        if (draw < 0.55) {
            int packets = random.between(1, 20);
            double seconds = (packets - 1) * 45 + 0.03;
            traffic.add(traffic.tcp.probe(flow, TcpWire.ACK, 41, packets, TcpWire.ACK, 52, packets, seconds));
        } else if (draw < 0.8) {
            int packets = random.between(1, 4);
            int answers = random.chance(0.5) ? 1 : 0;
            int flags = TcpWire.FIN | TcpWire.ACK | (random.chance(0.5) ? TcpWire.PSH : 0);
            traffic.add(traffic.tcp.probe(flow, flags, 64, packets, TcpWire.RST, 40, answers, packets * 0.6));
        } else {
            traffic.add(traffic.tcp.probe(flow, TcpWire.RST, 40, random.between(1, 3), 0, 0, 0, 0.02));
        }
    }

    /** A TLS connection: hello and certificates come on top, and half of them are held open afterwards. */
    SimulatedFlow secure(
            long at, Endpoint user, Endpoint service, int port, long request, long response, int exchanges) {
        boolean resumed = random.chance(0.4);
        double idle = 0;
        if (random.chance(0.5)) {
            idle = random.chance(0.35)
                    ? SERVER_TIMEOUTS[random.below(SERVER_TIMEOUTS.length)]
                    : Math.min(900, random.logNormal(22, 1.3));
        }
        return traffic.tcp
                .session(
                        at,
                        user,
                        service,
                        port,
                        request + random.between(350, 900),
                        response + (resumed ? random.between(160, 400) : random.between(2400, 5200)),
                        exchanges + (resumed ? 1 : 2),
                        idle)
                .service("ssl");
    }

    private SimulatedFlow quic(long at, Host user, Endpoint service, long request, long response) {
        long out = request + 2500;
        long in = response + 4200;
        long packetsIn = DatagramWire.packets(in) + 3;
        long packetsOut = DatagramWire.packets(out) + 3 + (long) (packetsIn * random.uniform(0.2, 0.5));
        double seconds = user.delay + service.delay + in / service.bandwidth + random.logNormal(6, 1.4);
        return traffic.datagrams.stream(
                        at,
                        user,
                        user.ephemeralPort(random),
                        service,
                        443,
                        out,
                        packetsOut,
                        in,
                        packetsIn,
                        Math.min(seconds, 900))
                .service("quic");
    }
}
