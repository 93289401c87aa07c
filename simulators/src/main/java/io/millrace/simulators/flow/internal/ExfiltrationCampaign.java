package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.AttackKind;

/** Data leaving the network from one infected host. One step is one transfer, or one burst of tunnel queries. */
final class ExfiltrationCampaign extends Campaign {
    /** The way out. */
    enum Channel {
        HTTPS,
        FTP,
        SSH,
        DNS_TUNNEL,
        ICMP_TUNNEL,
        DRIP,
        /** Appears with a drift alone: uploads over QUIC. */
        QUIC
    }

    private final Channel channel;
    private final Host host;
    private final Endpoint receiver;
    private final double bytes;
    private final int queryBytes;
    private final int answerBytes;
    private final int port;
    private final boolean direct;

    ExfiltrationCampaign(
            Traffic traffic, long number, long steps, double rate, Host host, Endpoint receiver, Channel channel) {
        super(
                traffic,
                AttackKind.EXFILTRATION,
                channel.name().toLowerCase(java.util.Locale.ROOT),
                number,
                steps,
                rate,
                traffic.random.uniform(0.05, 0.9));
        this.channel = channel;
        this.host = host;
        this.receiver = receiver;
        this.bytes = channel == Channel.DRIP ? random.logUniform(40_000, 900_000) : random.logUniform(4e6, 8e8);
        this.queryBytes = random.between(90, 230);
        this.answerBytes = random.between(90, 480);
        this.port = random.chance(0.75) ? 443 : random.pick(new int[] {80, 8080, 8443, 4444, 9001});
        this.direct = random.chance(0.5);
    }

    @Override
    void step(long now) {
        long size = (long) (bytes * random.uniform(0.6, 1.4));
        switch (channel) {
            case HTTPS, DRIP -> attack(upload(now, port, size).service(port == 80 || port == 8080 ? "http" : "ssl"));
            case SSH -> attack(upload(now, 22, size).service("ssh"));
            case FTP -> {
                attack(traffic.tcp
                        .session(now, host, receiver, 21, random.between(120, 300), random.between(300, 800), 8, 3)
                        .service("ftp"));
                attack(traffic.tcp
                        .session(
                                Traffic.after(now, 0.6),
                                host,
                                receiver,
                                random.chance(0.5) ? 20 : random.between(40_000, 60_000),
                                size,
                                0,
                                1,
                                0)
                        .service("ftp-data"));
            }
            case DNS_TUNNEL -> tunnelQueries(now);
            case ICMP_TUNNEL -> {
                long packets = (long) random.logUniform(10, 3000);
                attack(traffic.datagrams.echo(
                        now,
                        host,
                        receiver,
                        random.between(100, 1400),
                        packets,
                        packets,
                        packets * random.uniform(0.01, 0.5)));
            }
            case QUIC -> {
                long packets = DatagramWire.packets(size);
                attack(traffic.datagrams.stream(
                                now,
                                host,
                                host.ephemeralPort(random),
                                receiver,
                                443,
                                size,
                                packets,
                                packets * 20,
                                packets / 3 + 1,
                                size / 2e6)
                        .service("quic"));
            }
        }
    }

    private SimulatedFlow upload(long now, int toPort, long size) {
        return traffic.tcp.session(
                now,
                host,
                receiver,
                toPort,
                size,
                random.between(600, 9000),
                random.between(3, 12),
                random.uniform(0, 2));
    }

    private void tunnelQueries(long now) {
        Endpoint server = direct ? receiver : traffic.network.own(HostRole.RESOLVER, host);
        if (random.chance(0.3)) {
            // One source port for the whole tunnel: the exporter sees one long flow.
            long packets = (long) random.logUniform(20, 800);
            attack(traffic.datagrams.stream(
                            now,
                            host,
                            host.ephemeralPort(random),
                            server,
                            53,
                            packets * queryBytes,
                            packets,
                            packets * answerBytes,
                            packets,
                            packets * random.uniform(0.02, 0.3))
                    .service("dns"));
            return;
        }
        int burst = random.between(3, 12);
        for (int i = 0; i < burst; i++) {
            attack(traffic.datagrams
                    .query(
                            Traffic.after(now, i * 0.05),
                            host,
                            server,
                            53,
                            queryBytes + random.between(-12, 12),
                            answerBytes + random.between(-30, 30),
                            0.04)
                    .service("dns"));
        }
    }
}
