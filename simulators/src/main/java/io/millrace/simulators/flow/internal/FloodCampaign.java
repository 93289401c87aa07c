package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.AttackKind;

/** Denial of service against one host: floods of packets or requests, reflected answers, or connections held open. */
final class FloodCampaign extends Campaign {
    /** How the victim is worn down. */
    enum Method {
        SYN,
        HTTP,
        UDP,
        REFLECTION,
        SLOW,
        ICMP,
        ACK,
        /** Appears with a drift alone: streams opened and cancelled by the thousand down one TLS connection. */
        RAPID_RESET
    }

    private static final int[] REFLECTORS = {53, 123, 389, 1900, 11_211, 19, 161, 3702};

    private final Method method;
    private final Endpoint[] sources;
    private final Endpoint victim;
    private final int port;
    private final boolean randomPort;
    private final int size;
    private final double packets;
    private final double answered;
    private final double seconds;

    FloodCampaign(
            Traffic traffic, long number, long steps, double rate, Endpoint[] sources, Endpoint victim, Method method) {
        super(
                traffic,
                AttackKind.DENIAL_OF_SERVICE,
                method.name().toLowerCase(java.util.Locale.ROOT),
                number,
                steps,
                rate,
                traffic.random.chance(0.6) ? 1 : traffic.random.uniform(0, 0.4));
        this.method = method;
        this.sources = sources;
        this.victim = victim;
        this.port = method == Method.REFLECTION
                ? random.pick(REFLECTORS)
                : random.pick(new int[] {80, 443, 443, 80, 53, 22, 8080, 25_565, 3074});
        this.randomPort = random.chance(0.5);
        this.size = switch (method) {
            case SYN -> random.pick(new int[] {40, 40, 44, 60, 120});
            case ACK -> random.pick(new int[] {40, 52, 1064});
            case HTTP -> random.between(160, 900);
            case REFLECTION -> random.between(300, 1472);
            case ICMP -> random.pick(new int[] {32, 56, 1000, 1472});
            default -> random.chance(0.3) ? random.between(900, 1472) : random.between(1, 600);
        };
        this.packets = random.chance(0.4) ? 1 : random.logUniform(1, method == Method.SYN ? 20 : 3000);
        this.answered = random.chance(0.5) ? 0 : random.uniform();
        this.seconds = random.logUniform(0.05, 60);
    }

    @Override
    void step(long now) {
        Endpoint source = sources[random.below(sources.length)];
        if (source == victim) {
            return;
        }
        long count = Math.max(1, (long) (packets * random.uniform(0.7, 1.3)));
        int own = method == Method.REFLECTION ? port : source.ephemeralPort(random);
        switch (method) {
            case SYN -> syn(now, source, own, count);
            case ACK ->
                attack(traffic.tcp.probe(
                        TcpWire.empty(now, source, own, victim, port),
                        TcpWire.ACK | (randomPort ? TcpWire.PSH : 0),
                        size,
                        count,
                        TcpWire.RST,
                        40,
                        random.chance(answered) ? count : 0,
                        seconds));
            case HTTP -> http(now, source, count);
            case UDP ->
                attack(traffic.datagrams.stream(
                        now,
                        source,
                        own,
                        victim,
                        randomPort ? random.between(1, 65_535) : port,
                        size * count,
                        count,
                        0,
                        0,
                        seconds));
            case REFLECTION ->
                attack(traffic.datagrams.stream(
                        now,
                        source,
                        own,
                        victim,
                        randomPort ? random.between(1025, 65_535) : 80,
                        size * count,
                        count,
                        0,
                        0,
                        seconds));
            case ICMP ->
                attack(traffic.datagrams.echo(
                        now, source, victim, size, count * 4, random.chance(answered) ? count * 4 : 0, seconds));
            case SLOW -> slow(now, source);
            case RAPID_RESET ->
                attack(traffic.tcp
                        .session(
                                now,
                                source,
                                victim,
                                443,
                                random.between(60_000, 400_000),
                                random.between(4000, 20_000),
                                random.between(300, 2000),
                                random.uniform(1, 10))
                        .service("ssl"));
        }
    }

    private void syn(long now, Endpoint source, int own, long count) {
        SimulatedFlow flow = TcpWire.empty(now, source, own, victim, port);
        if (random.chance(answered)) {
            // Nobody acknowledges, so the victim repeats its answer.
            int repeats = random.between(1, 6);
            attack(traffic.tcp.probe(
                    flow,
                    TcpWire.SYN,
                    size,
                    Math.min(count, 3),
                    TcpWire.SYN | TcpWire.ACK,
                    44,
                    repeats,
                    (1 << (repeats - 1)) - 1 + 0.05));
        } else {
            attack(traffic.tcp.probe(flow, TcpWire.SYN, size, count, 0, 0, 0, seconds * 0.2));
        }
    }

    private void http(long now, Endpoint source, long count) {
        if (random.chance(answered * 0.3)) {
            attack(traffic.tcp.unanswered(now, source, victim, port, random.between(0, 3)));
            return;
        }
        int requests = (int) Math.min(200, count);
        long page = (long) (200 + 6000 * answered);
        attack(traffic.tcp
                .session(
                        now,
                        source,
                        victim,
                        port == 443 ? 443 : 80,
                        (long) size * requests,
                        page * requests,
                        requests,
                        random.exponential(0.5))
                .service(port == 443 ? "ssl" : "http"));
    }

    private void slow(long now, Endpoint source) {
        int drops = random.between(4, 60);
        double held = drops * random.uniform(3, 15);
        attack(traffic.tcp
                .session(
                        now,
                        source,
                        victim,
                        port == 443 ? 443 : 80,
                        150 + drops * 12L,
                        random.chance(0.6) ? 0 : random.between(150, 500),
                        drops,
                        held)
                .service(port == 443 ? "ssl" : "http"));
    }
}
