package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.DriftKind;
import io.millrace.simulators.random.SeededRandom;

/** What workstations do inside the network and with remote machines: files, mail, directory, shells, calls. */
final class OfficeTraffic {
    private final Traffic traffic;
    private final SeededRandom random;
    private final WebTraffic web;

    OfficeTraffic(Traffic traffic, WebTraffic web) {
        this.traffic = traffic;
        this.random = traffic.random;
        this.web = web;
    }

    /** Files of a share over SMB or NFS; after a migration, over TLS with a provider. */
    void files(long now, Host user) {
        long out = random.chance(0.3) ? traffic.size(160_000, 2.0) : traffic.size(3500, 1.0);
        long in = traffic.size(12_000, 2.2);
        if (migrated()) {
            migrated(now, user, out, in);
            return;
        }
        int port = random.chance(0.85) ? 445 : 2049;
        double held = Math.min(3000, random.logNormal(20, 1.5));
        traffic.add(traffic.tcp
                .session(
                        now,
                        user,
                        traffic.network.own(HostRole.FILES, user),
                        port,
                        out,
                        in,
                        random.between(8, 80),
                        held)
                .service(port == 445 ? "smb" : "nfs"));
    }

    /** A page of an internal application, and the database query of its server behind it. */
    void intranet(long now, Host user) {
        long out = traffic.size(1500, 0.8);
        long in = traffic.size(16_000, 1.4);
        if (migrated()) {
            migrated(now, user, out, in);
            return;
        }
        Host server = traffic.network.any(HostRole.WEB);
        int port = random.pick(new int[] {443, 443, 80, 8080, 8443});
        boolean tls = port == 443 || port == 8443;
        traffic.add(
                tls
                        ? web.secure(now, user, server, port, out, in, random.between(1, 6))
                        : traffic.tcp
                                .session(now, user, server, port, out, in, random.between(1, 6), random.exponential(3))
                                .service("http"));
        if (random.chance(0.6)) {
            query(Traffic.after(now, 0.004), server);
        }
    }

    /** A query of a server at its database. */
    void query(long now, Host server) {
        int port = random.pick(new int[] {5432, 5432, 3306, 1433, 6379});
        Host database = traffic.network.own(HostRole.DATABASE, server);
        traffic.add(traffic.tcp.session(
                now,
                server,
                database,
                port,
                traffic.size(1300, 0.9),
                traffic.size(7000, 1.8),
                random.between(2, 20),
                random.exponential(1.5)));
    }

    /** Reading mail (IMAP over TLS), or handing one in. */
    void mail(long now, Host user) {
        Host server = traffic.network.own(HostRole.MAIL, user);
        if (random.chance(0.75)) {
            traffic.add(web.secure(
                    now, user, server, 993, traffic.size(1400, 0.6), traffic.size(9000, 1.7), random.between(4, 20)));
        } else {
            traffic.add(web.secure(
                    now,
                    user,
                    server,
                    random.chance(0.7) ? 587 : 465,
                    traffic.size(14_000, 1.9),
                    2500,
                    random.between(5, 10)));
        }
    }

    /** Sign-on: Kerberos tickets and a look-up in the directory. */
    void directory(long now, Host user) {
        Host server = traffic.network.own(HostRole.DIRECTORY, user);
        if (random.chance(0.6)) {
            traffic.add(traffic.datagrams
                    .query(now, user, server, 88, random.between(220, 1400), random.between(180, 1450), 0.002)
                    .service("krb"));
        } else {
            traffic.add(traffic.tcp
                    .session(now, user, server, 88, random.between(1500, 2100), random.between(1500, 2000), 1, 0)
                    .service("krb_tcp"));
        }
        traffic.add(traffic.tcp
                .session(
                        Traffic.after(now, 0.01),
                        user,
                        server,
                        random.pick(new int[] {389, 389, 636, 135, 3268}),
                        traffic.size(1500, 0.7),
                        traffic.size(2800, 0.8),
                        random.between(2, 8),
                        random.exponential(4))
                .service("ldap"));
    }

    /** A shell (small packets for minutes), a copy over SSH, a fetch of a repository, or a command or a log-in alone. */
    void shell(long now, Host user) {
        Endpoint server = random.chance(0.65) ? traffic.network.any(HostRole.WEB) : traffic.network.service(user);
        double draw = random.uniform();
        SimulatedFlow flow;
        if (draw < 0.3) {
            double seconds = Math.min(14_000, random.logNormal(300, 1.5));
            int keys = (int) Math.max(10, seconds * random.uniform(0.2, 2));
            flow = traffic.tcp.session(
                    now,
                    user,
                    server,
                    22,
                    2600 + keys * 44L,
                    3200 + keys * random.between(60, 400),
                    Math.min(keys, 20_000),
                    seconds);
        } else if (draw < 0.45) {
            flow = traffic.tcp.session(
                    now, user, server, 22, traffic.size(2_000_000, 2), 9000, random.between(10, 40), 0.5);
        } else if (draw < 0.65) {
            flow = traffic.tcp.session(
                    now,
                    user,
                    server,
                    random.chance(0.9) ? 22 : random.pick(new int[] {2200, 2222}),
                    traffic.size(2600, 0.6),
                    traffic.size(2400, 0.6),
                    random.between(6, 18),
                    random.exponential(2));
        } else if (draw < 0.9) {
            flow = traffic.tcp.session(
                    now,
                    user,
                    server,
                    22,
                    traffic.size(4500, 0.4),
                    traffic.size(60_000, 2.2),
                    random.between(9, 20),
                    0.3);
        } else {
            // A mistyped password or two, by a person.
            int tries = random.between(1, 3);
            flow = traffic.tcp.session(
                    now,
                    user,
                    server,
                    22,
                    1500 + tries * 150L,
                    2200 + tries * 90L,
                    8 + tries,
                    tries * random.uniform(2, 7));
        }
        traffic.add(flow.service("ssh"));
    }

    /** A remote desktop, for minutes to hours. */
    void desktop(long now, Host user) {
        double seconds = Math.min(20_000, random.logNormal(600, 1.3));
        long out = (long) (6000 + seconds * random.uniform(80, 900));
        long in = (long) (40_000 + seconds * random.logNormal(6000, 1));
        traffic.add(traffic.tcp
                .session(
                        now,
                        user,
                        traffic.network.any(HostRole.WEB),
                        3389,
                        out,
                        in,
                        (int) Math.min(5000, seconds * 2),
                        seconds)
                .service("rdp"));
    }

    /** A call: SIP in front, a media stream of small packets each way. */
    void call(long now, Host user) {
        Endpoint peer = random.chance(0.5) ? traffic.network.any(HostRole.WORKSTATION) : traffic.network.service(user);
        if (random.chance(0.4)) {
            traffic.add(traffic.datagrams.stream(
                            now,
                            user,
                            5060,
                            traffic.network.vendor(60),
                            5060,
                            random.between(900, 2400),
                            3,
                            random.between(900, 2200),
                            4,
                            random.uniform(0.1, 9))
                    .service("sip"));
        }
        double seconds = Math.min(5400, random.logNormal(150, 1.3));
        boolean video = random.chance(0.4);
        double rate = video ? random.uniform(40, 260) : 50;
        int payload = video ? random.between(500, 1100) : random.pick(new int[] {172, 92, 130});
        long packets = (long) Math.max(5, seconds * rate);
        int port = video ? random.between(3478, 3481) : random.between(8000, 10_000) * 2;
        traffic.add(traffic.datagrams.stream(
                        Traffic.after(now, 0.3),
                        user,
                        user.ephemeralPort(random),
                        peer,
                        port,
                        packets * payload,
                        packets,
                        packets * payload,
                        (long) (packets * random.uniform(0.9, 1.05)),
                        seconds)
                .typeOfService(random.chance(0.7) ? 184 : 0)
                .service("rtp"));
    }

    /** A tunnel to another site. */
    void tunnel(long now, Host user) {
        double seconds = Math.min(25_000, random.logNormal(1500, 1.2));
        long out = (long) (seconds * random.logNormal(2000, 1.5));
        long in = (long) (seconds * random.logNormal(9000, 1.5));
        int port = random.pick(new int[] {51820, 1194, 4500});
        traffic.add(traffic.datagrams.stream(
                now,
                user,
                user.ephemeralPort(random),
                traffic.network.vendor(70 + user.taste % 5),
                port,
                out,
                DatagramWire.packets(out * 2),
                in,
                DatagramWire.packets(in * 3 / 2),
                seconds));
    }

    /** A document to a printer. */
    void print(long now, Host user) {
        traffic.add(traffic.tcp.session(
                now,
                user,
                traffic.network.any(HostRole.DEVICE),
                random.pick(new int[] {9100, 631}),
                traffic.size(300_000, 1.4),
                traffic.size(600, 0.5),
                random.between(2, 8),
                random.uniform(0, 4)));
    }

    /** Peers of a file exchange: many strangers, many of them gone. */
    void peers(long now, Host user) {
        int peers = random.between(3, 18);
        for (int i = 0; i < peers; i++) {
            long at = Traffic.after(now, random.exponential(8));
            Endpoint peer = traffic.network.stranger();
            int port = random.chance(0.4) ? 6881 + random.below(20) : random.between(1025, 65_000);
            double draw = random.uniform();
            if (draw < 0.35) {
                traffic.add(traffic.datagrams.stream(
                        at,
                        user,
                        6881,
                        peer,
                        port,
                        random.between(80, 150),
                        1,
                        random.chance(0.5) ? random.between(200, 420) : 0,
                        random.chance(0.5) ? 1 : 0,
                        peer.delay));
            } else if (draw < 0.6) {
                traffic.add(traffic.tcp.unanswered(at, user, peer, port, random.between(0, 3)));
            } else if (draw < 0.68) {
                traffic.add(traffic.tcp.refused(at, user, peer, port, 1));
            } else {
                traffic.add(traffic.tcp.session(
                        at,
                        user,
                        peer,
                        port,
                        traffic.size(30_000, 2),
                        traffic.size(200_000, 2.3),
                        random.between(3, 60),
                        random.exponential(40)));
            }
        }
    }

    private boolean migrated() {
        double share = traffic.drift.share(DriftKind.CLOUD_MIGRATION);
        return share > 0 && random.chance(share);
    }

    private void migrated(long now, Host user, long out, long in) {
        long at = web.resolve(now, user);
        traffic.add(web.secure(
                at, user, traffic.network.vendor(180 + random.below(10)), 443, out * 2, in * 4, random.between(2, 20)));
    }
}
