package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.AttackKind;

/** Password guessing: many short sessions of nearly the same shape with one service, or one guess at each of many hosts. */
final class BruteForceCampaign extends Campaign {
    /** The service guessed at, with the payload each way, turns and seconds of one attempt. */
    enum Login {
        SSH(22, "ssh", 900, 2100, 1300, 2900, 8, 14, 3.0),
        RDP(3389, "rdp", 700, 2200, 900, 3200, 5, 10, 1.4),
        FTP(21, "ftp", 25, 90, 70, 380, 4, 7, 2.2),
        WEB(80, "http", 260, 1100, 250, 7000, 1, 3, 0.15),
        WEB_TLS(443, "ssl", 700, 1900, 1500, 7000, 3, 5, 0.25),
        SMB(445, "smb", 500, 1400, 500, 1300, 4, 8, 0.12),
        TELNET(23, null, 30, 120, 60, 300, 4, 9, 3.5),
        IMAP(143, "imap", 40, 120, 120, 420, 3, 5, 1.6),
        SMTP(587, "smtp", 90, 240, 250, 700, 5, 8, 1.8),
        SQL(3306, "mysql", 150, 330, 160, 420, 2, 4, 0.05),
        POSTGRES(5432, null, 110, 260, 90, 300, 2, 4, 0.05),
        /** Appears with a drift alone: a VPN portal, many guesses down each connection. */
        PORTAL(10_443, "ssl", 9000, 40_000, 20_000, 90_000, 20, 80, 8);

        final int port;
        final String service;
        final int outLow;
        final int outHigh;
        final int inLow;
        final int inHigh;
        final int turnsLow;
        final int turnsHigh;
        final double seconds;

        Login(
                int port,
                String service,
                int outLow,
                int outHigh,
                int inLow,
                int inHigh,
                int turnsLow,
                int turnsHigh,
                double seconds) {
            this.port = port;
            this.service = service;
            this.outLow = outLow;
            this.outHigh = outHigh;
            this.inLow = inLow;
            this.inHigh = inHigh;
            this.turnsLow = turnsLow;
            this.turnsHigh = turnsHigh;
            this.seconds = seconds;
        }
    }

    private final Login login;
    private final Endpoint[] attackers;
    private final Endpoint[] targets;
    private final int port;
    private final int out;
    private final int in;
    private final int turns;
    private final double seconds;
    private final double spread;
    private final double failing;
    private final boolean resets;

    BruteForceCampaign(Traffic traffic, long number, long steps, double rate, Endpoint[] attackers, Login login) {
        super(
                traffic,
                AttackKind.BRUTE_FORCE,
                login.name().toLowerCase(java.util.Locale.ROOT),
                number,
                steps,
                rate,
                traffic.random.pick(0.05, 0.3, 0.8, 1.0));
        this.login = login;
        this.attackers = attackers;
        boolean spray = random.chance(0.2);
        this.targets = new Endpoint[spray ? random.between(5, 60) : 1];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.chance(0.7) ? traffic.network.any(HostRole.WEB) : traffic.network.anyHost();
        }
        this.port = random.chance(0.85) ? login.port : random.pick(new int[] {2222, 8080, 8443, 2121, 33_890, 10_022});
        this.out = random.between(login.outLow, login.outHigh);
        this.in = random.between(login.inLow, login.inHigh);
        this.turns = random.between(login.turnsLow, login.turnsHigh);
        this.seconds = random.logNormal(login.seconds, 0.7);
        this.spread = random.logUniform(0.003, 0.12);
        this.failing = random.chance(0.5) ? 0 : random.uniform(0, 0.4);
        this.resets = random.chance(0.35);
    }

    @Override
    void step(long now) {
        Endpoint attacker = attackers[random.below(attackers.length)];
        Endpoint target = targets[random.below(targets.length)];
        if (attacker == target) {
            return;
        }
        if (random.chance(failing)) {
            attack(
                    random.chance(0.5)
                            ? traffic.tcp.unanswered(now, attacker, target, port, random.between(0, 2))
                            : traffic.tcp.refused(now, attacker, target, port, 1));
            return;
        }
        int tries = login == Login.SSH && random.chance(0.3) ? random.between(2, 6) : 1;
        SimulatedFlow flow = traffic.tcp.session(
                now,
                attacker,
                target,
                port,
                vary(out) + (tries - 1) * 150L,
                vary(in) + (tries - 1) * 90L,
                turns + tries - 1,
                seconds * tries * random.uniform(0.8, 1.3));
        attack((resets ? traffic.tcp.resetBySource(flow) : flow).service(login.service));
    }

    private long vary(int size) {
        return Math.max(1, (long) (size * (1 + spread * random.gaussian())));
    }
}
