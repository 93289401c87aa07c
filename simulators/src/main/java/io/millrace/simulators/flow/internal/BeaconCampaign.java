package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.AttackKind;

/** An infected host calls its controller at a period with jitter: small exchanges of nearly constant size. */
final class BeaconCampaign extends Campaign {
    /** What carries the call. */
    enum Channel {
        HTTPS,
        HTTP,
        RAW_TCP,
        DNS,
        ICMP,
        UDP,
        /** The controller is gone: every call stays unanswered or is refused. */
        DEAD,
        /** Appears with a drift alone: name look-ups over HTTPS, larger and less regular. */
        DNS_OVER_HTTPS
    }

    private final Channel channel;
    private final Host host;
    private final Endpoint controller;
    private final int port;
    private final int out;
    private final int in;
    private final double spread;
    private final boolean refused;
    private final int retries;
    private final double taskChance;

    BeaconCampaign(
            Traffic traffic, long number, long steps, double rate, Host host, Endpoint controller, Channel channel) {
        super(
                traffic,
                AttackKind.BEACONING,
                channel.name().toLowerCase(java.util.Locale.ROOT),
                number,
                steps,
                rate,
                channel == Channel.DNS_OVER_HTTPS
                        ? 0.8
                        : traffic.random.chance(0.4) ? 0.02 : traffic.random.uniform(0.02, 0.4));
        this.channel = channel;
        this.host = host;
        this.controller = controller;
        this.port = switch (channel) {
            case HTTPS -> random.pick(new int[] {443, 443, 443, 8443, 4443});
            case HTTP -> random.pick(new int[] {80, 80, 8080, 8000, 8888});
            case DNS -> 53;
            case DNS_OVER_HTTPS -> 443;
            default ->
                random.pick(new int[] {4444, 1337, 6667, 1177, 9001, 50_050, 2222, 1080, random.between(1025, 65_000)});
        };
        boolean secure = channel == Channel.HTTPS;
        this.out = secure ? random.between(600, 2200) : random.between(30, 900);
        this.in = secure ? random.between(500, 4500) : random.between(20, 1200);
        this.spread = random.logUniform(0.001, 0.1);
        this.refused = random.chance(0.3);
        this.retries = random.between(0, 3);
        this.taskChance = random.chance(0.5) ? 0 : random.uniform(0, 0.08);
    }

    @Override
    void step(long now) {
        long bytesOut = vary(out);
        long bytesIn = vary(in);
        if (random.chance(taskChance)) {
            bytesIn *= random.between(3, 60);
        }
        switch (channel) {
            case HTTPS ->
                attack(traffic.tcp
                        .session(now, host, controller, port, bytesOut, bytesIn, 3, 0)
                        .service("ssl"));
            case HTTP ->
                attack(traffic.tcp
                        .session(now, host, controller, port, bytesOut + 150, bytesIn + 120, 1, 0)
                        .service("http"));
            case RAW_TCP -> attack(traffic.tcp.session(now, host, controller, port, bytesOut, bytesIn, 1, 0));
            case DNS ->
                attack(traffic.datagrams
                        .query(
                                now,
                                host,
                                refused ? controller : traffic.network.own(HostRole.RESOLVER, host),
                                53,
                                (int) Math.min(220, 40 + bytesOut / 6),
                                (int) Math.min(900, 60 + bytesIn / 4),
                                0.05)
                        .service("dns"));
            case ICMP ->
                attack(traffic.datagrams.echo(
                        now,
                        host,
                        controller,
                        (int) Math.min(1400, bytesOut),
                        1,
                        1,
                        traffic.tcp.roundTrip(host, controller)));
            case UDP ->
                attack(traffic.datagrams.query(
                        now,
                        host,
                        controller,
                        port,
                        (int) bytesOut,
                        refused ? -1 : (int) Math.min(1400, bytesIn),
                        0.01));
            case DEAD ->
                attack(
                        refused
                                ? traffic.tcp.refused(now, host, controller, port, 1 + retries / 2)
                                : traffic.tcp.unanswered(now, host, controller, port, retries));
            case DNS_OVER_HTTPS ->
                attack(traffic.tcp
                        .session(now, host, controller, 443, bytesOut * 4 + 2000, bytesIn * 6 + 5000, 8, 4)
                        .service("ssl"));
        }
    }

    private long vary(int size) {
        return Math.max(1, (long) (size * (1 + spread * random.gaussian())));
    }
}
