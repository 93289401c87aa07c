package io.millrace.simulators.flow.internal;

import io.millrace.simulators.random.SeededRandom;

/** Traffic of servers and devices: visitors from outside, recursion, mail exchange, backups, monitoring, telemetry. */
final class ServerTraffic {
    private final Traffic traffic;
    private final SeededRandom random;
    private final WebTraffic web;

    ServerTraffic(Traffic traffic, WebTraffic web) {
        this.traffic = traffic;
        this.random = traffic.random;
        this.web = web;
    }

    /** A visitor of the public web server: a person's burst, or a crawler that fetches page after page. */
    void visitor(long now) {
        Endpoint visitor = traffic.network.stranger();
        Host server = traffic.network.any(HostRole.WEB);
        boolean crawler = random.chance(0.25);
        int connections = crawler ? random.between(1, 15) : random.between(1, 6);
        double gap = crawler ? random.logUniform(0.2, 10) : 0.1;
        long at = now;
        for (int i = 0; i < connections; i++) {
            int port = random.chance(0.15) ? 80 : 443;
            long out = traffic.size(crawler ? 450 : 1500, 0.5);
            long in = traffic.size(18_000, 1.5);
            int exchanges = crawler ? 1 : random.between(1, 6);
            traffic.add(
                    port == 80
                            ? traffic.tcp
                                    .session(at, visitor, server, 80, out, in, exchanges, 0)
                                    .service("http")
                            : web.secure(at, visitor, server, 443, out, in, exchanges));
            at = Traffic.after(at, random.exponential(gap));
        }
    }

    /** The resolver asks servers of the outside world for its clients. */
    void recursion(long now) {
        Host resolver = traffic.network.any(HostRole.RESOLVER);
        int steps = random.between(1, 3);
        long at = now;
        for (int i = 0; i < steps; i++) {
            Endpoint server = traffic.network.service(resolver);
            int in = random.chance(0.015) ? -1 : random.between(80, 900);
            traffic.add(traffic.datagrams
                    .query(at, resolver, server, 53, random.between(28, 75), in, 0.001)
                    .service("dns"));
            at = Traffic.after(at, server.delay * 1.3);
        }
        if (random.chance(0.02)) {
            traffic.add(traffic.tcp
                    .session(at, resolver, traffic.network.service(resolver), 53, 60, random.between(1300, 4000), 1, 0)
                    .service("dns"));
        }
    }

    /** Mail in or out between mail exchangers. */
    void mailExchange(long now) {
        Host server = traffic.network.any(HostRole.MAIL);
        Endpoint other = traffic.network.stranger();
        boolean out = random.chance(0.45);
        long message = traffic.size(22_000, 1.8);
        if (out && random.chance(0.04)) {
            traffic.add(traffic.tcp.unanswered(now, server, other, 25, random.between(2, 5)));
            return;
        }
        traffic.add(traffic.tcp
                .session(
                        now,
                        out ? server : other,
                        out ? other : server,
                        25,
                        message,
                        random.between(600, 4500),
                        random.between(6, 14),
                        random.exponential(0.8))
                .service("smtp"));
    }

    /** A backup job: gigabytes from a server or workstation to the backup host, or off site. */
    void backup(long now) {
        Host from = random.chance(0.6) ? traffic.network.any(HostRole.FILES) : traffic.network.anyHost();
        boolean offSite = random.chance(0.2);
        Endpoint to = offSite ? traffic.network.vendor(120) : traffic.network.any(HostRole.BACKUP);
        int port = offSite ? 443 : random.pick(new int[] {873, 22, 10_080, 9392});
        int parts = random.between(1, 5);
        for (int i = 0; i < parts; i++) {
            traffic.add(traffic.tcp.session(
                    Traffic.after(now, i * random.uniform(1, 20)),
                    from,
                    to,
                    port,
                    traffic.size(3e7, 2.2),
                    traffic.size(60_000, 1),
                    random.between(20, 400),
                    random.exponential(2)));
        }
    }

    /** Monitoring visits a host: ping, SNMP, and a look at a port. */
    void check(long now, Host target) {
        Host monitor = traffic.network.any(HostRole.MONITOR);
        double draw = random.uniform();
        if (draw < 0.35) {
            int count = random.pick(new int[] {1, 3, 4, 5});
            traffic.add(traffic.datagrams.echo(
                    now, monitor, target, 56, count, random.chance(0.98) ? count : 0, count - 1 + 0.001));
        } else if (draw < 0.7) {
            int packets = random.between(1, 12);
            traffic.add(traffic.datagrams.stream(
                            now,
                            monitor,
                            monitor.ephemeralPort(random),
                            target,
                            161,
                            packets * 48L,
                            packets,
                            packets * random.between(60, 280),
                            packets,
                            packets * 0.003)
                    .service("snmp"));
        } else {
            int port = random.pick(new int[] {22, 80, 443, 9100, 5666});
            traffic.add(traffic.tcp.session(
                    now, monitor, target, port, random.between(60, 400), random.between(60, 24_000), 1, 0));
        }
    }

    /** Log lines to the collector. */
    void logs(long now) {
        Host from = traffic.network.anyHost();
        int packets = 1 + (int) random.exponential(3);
        traffic.add(traffic.datagrams.stream(
                        now,
                        from,
                        from.ephemeralPort(random),
                        traffic.network.any(HostRole.MONITOR),
                        514,
                        packets * random.between(90, 480),
                        packets,
                        0,
                        0,
                        packets * random.exponential(2))
                .service("syslog"));
    }

    /** A device reports to its maker or to a local broker. */
    void telemetry(long now, Host device) {
        double draw = random.uniform();
        if (draw < 0.5) {
            double held = random.chance(0.6) ? random.between(1, 20) * 60 : 1;
            traffic.add(traffic.tcp
                    .session(
                            now,
                            device,
                            traffic.network.vendor(100 + device.taste % 15),
                            random.chance(0.5) ? 8883 : 1883,
                            traffic.size(900, 0.6),
                            traffic.size(700, 0.6),
                            random.between(1, 6),
                            held)
                    .service("mqtt"));
        } else {
            web.resolve(now, device);
            traffic.add(web.secure(
                    now + 5000,
                    device,
                    traffic.network.vendor(100 + device.taste % 15),
                    443,
                    traffic.size(1100, 0.5),
                    traffic.size(1500, 0.8),
                    2));
        }
    }

    /** The time, from a local or public server. */
    void time(long now, Host host) {
        Endpoint server = random.chance(0.7)
                ? traffic.network.any(HostRole.DIRECTORY)
                : traffic.network.vendor(130 + random.below(4));
        boolean answered = random.chance(0.97);
        traffic.add(traffic.datagrams.stream(
                        now,
                        host,
                        random.chance(0.5) ? 123 : host.ephemeralPort(random),
                        server,
                        123,
                        48,
                        1,
                        answered ? 48 : 0,
                        answered ? 1 : 0,
                        server.delay + host.delay)
                .service("ntp"));
    }

    /** An address lease. */
    void lease(long now, Host host) {
        traffic.add(traffic.datagrams.stream(
                        now, host, 68, traffic.network.any(HostRole.DIRECTORY), 67, 300, 1, 300, 1, 0.002)
                .service("dhcp"));
    }
}
