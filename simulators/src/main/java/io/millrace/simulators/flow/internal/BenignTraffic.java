package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.DriftKind;
import io.millrace.simulators.random.SeededRandom;

/**
 * The everyday traffic of the network. Users work in sessions: at any time a part of the workstations, by the hour of day,
 * is at work and takes turns in a random order, each with favourites of its own; when a session ends another host
 * takes its place. Servers, devices and the outside world act beside them, and programmes call at fixed periods.
 */
final class BenignTraffic {
    private static final long HOUR_MICROS = 3_600_000_000L;
    /** Part of the record rate that periodic programmes may take. */
    private static final double PERIODIC_PART = 0.15;
    /** Part of the periodic programmes that are started later, and how much later on average: a new one is no attack. */
    private static final double LATE_PROGRAMMES = 0.3;

    private static final double LATE_SECONDS = 600;

    private final Traffic traffic;
    private final SeededRandom random;
    private final WebTraffic web;
    private final OfficeTraffic office;
    private final ServerTraffic server;
    private final NoiseTraffic noise;
    private final Host[] atWork;
    private final long[] sessionEnd;
    private double officeHours;
    private int present;
    private long nextHourCheck = Long.MIN_VALUE;

    BenignTraffic(Traffic traffic) {
        this.traffic = traffic;
        this.random = traffic.random;
        this.web = new WebTraffic(traffic);
        this.office = new OfficeTraffic(traffic, web);
        this.server = new ServerTraffic(traffic, web);
        this.noise = new NoiseTraffic(traffic);
        int most = Math.max(1, traffic.network.count(HostRole.WORKSTATION) / 2);
        this.atWork = new Host[most];
        this.sessionEnd = new long[most];
    }

    /** Makes one activity begin at this stream time. */
    void begin(long now) {
        watchTheClock(now);
        if (random.chance(0.35 + 0.45 * officeHours)) {
            userActivity(now, userAtWork(now));
        } else {
            otherActivity(now);
        }
    }

    private void userActivity(long now, Host user) {
        double newApplication = traffic.drift.share(DriftKind.NEW_APPLICATION);
        if (newApplication > 0 && random.chance(newApplication * 0.35)) {
            web.newApplication(now, user);
            return;
        }
        double draw = random.uniform() * 100;
        if (draw < 29) {
            web.page(now, user);
        } else if (draw < 30) {
            web.report(now, user);
        } else if (draw < 54) {
            web.call(now, user);
        } else if (draw < 56) {
            web.stream(now, user);
        } else if (draw < 58) {
            web.upload(now, user);
        } else if (draw < 58.8) {
            web.update(now, user);
        } else if (draw < 60.5) {
            web.push(now, user);
        } else if (draw < 67) {
            office.files(now, user);
        } else if (draw < 75) {
            office.intranet(now, user);
        } else if (draw < 80) {
            office.mail(now, user);
        } else if (draw < 86) {
            office.directory(now, user);
        } else if (draw < 88) {
            office.shell(now, user);
        } else if (draw < 88.7) {
            office.desktop(now, user);
        } else if (draw < 90) {
            office.call(now, user);
        } else if (draw < 90.3) {
            office.tunnel(now, user);
        } else if (draw < 91.2) {
            office.print(now, user);
        } else if (draw < 91.8) {
            office.peers(now, user);
        } else if (draw < 94.5) {
            noise.failure(now, user);
        } else if (draw < 95.5) {
            noise.ping(now, user);
        } else {
            noise.group(now, user);
        }
    }

    private void otherActivity(long now) {
        double draw = random.uniform() * 100;
        if (draw < 18) {
            server.visitor(now);
        } else if (draw < 38) {
            server.recursion(now);
        } else if (draw < 52) {
            office.query(now, traffic.network.any(HostRole.WEB));
        } else if (draw < 59) {
            server.mailExchange(now);
        } else if (draw < 59.4 + (1 - officeHours) * 1.5) {
            server.backup(now);
        } else if (draw < 70) {
            server.check(now, traffic.network.anyHost());
        } else if (draw < 76) {
            server.logs(now);
        } else if (draw < 84) {
            server.telemetry(now, traffic.network.any(HostRole.DEVICE));
        } else if (draw < 89) {
            server.time(now, traffic.network.anyHost());
        } else if (draw < 90) {
            server.lease(now, traffic.network.anyHost());
        } else if (draw < 91) {
            noise.wrongSetting(now, traffic.network.anyHost());
        } else if (draw < 94) {
            noise.backscatter(now);
        } else {
            web.call(now, traffic.network.anyHost());
        }
    }

    /** Starts the programmes that call at fixed periods; returns how many records a second they make in sum. */
    double startPeriodic(Agenda agenda, long start, double recordsPerSecond) {
        double rate = 0;
        for (Host host : traffic.network.hosts) {
            double period = random.chance(0.6)
                    ? random.pick(new int[] {15, 30, 60, 64, 120, 300, 600, 900, 1024, 1800, 3600})
                    : random.logUniform(20, 3600);
            if (rate + 2 / period > recordsPerSecond * PERIODIC_PART) {
                continue;
            }
            rate += 2 / period;
            double begin = random.chance(LATE_PROGRAMMES) ? random.exponential(LATE_SECONDS) : 0;
            agenda.add(Traffic.after(start, begin + random.uniform() * period), periodic(host, period));
        }
        return rate;
    }

    private Actor periodic(Host host, double period) {
        int what = random.below(10);
        double jitter = random.chance(0.6) ? random.uniform(0, 0.01) : random.uniform(0, 0.15);
        Endpoint service = traffic.network.vendor(host.taste + what);
        int out = random.between(300, 1600);
        int in = random.between(300, 5000);
        return now -> {
            switch (what) {
                case 0, 1 -> server.time(now, host);
                case 2, 3 -> server.check(now, host);
                case 4 -> server.telemetry(now, host);
                case 5 -> noise.group(now, host);
                case 6, 7 -> traffic.add(web.secure(now, host, service, 443, out, in + random.below(200), 2));
                case 8 ->
                    traffic.add(traffic.tcp
                            .session(now, host, service, 80, out / 2 + 100, in, 1, 0)
                            .service("http"));
                default -> web.resolve(now, host);
            }
            return Traffic.after(now, period * (1 + jitter * (random.uniform() - 0.5)));
        };
    }

    private Host userAtWork(long now) {
        int slot = random.below(present);
        if (atWork[slot] == null || sessionEnd[slot] <= now) {
            boolean first = atWork[slot] == null;
            atWork[slot] = traffic.network.any(HostRole.WORKSTATION);
            double length = Math.min(14_400, random.logNormal(900, 1.0));
            sessionEnd[slot] = Traffic.after(now, first ? length * random.uniform() : length);
        }
        return atWork[slot];
    }

    private void watchTheClock(long now) {
        if (now < nextHourCheck) {
            return;
        }
        nextHourCheck = now + 60_000_000L;
        double hour = Math.floorMod(now, 24 * HOUR_MICROS) / (double) HOUR_MICROS;
        boolean weekend = Math.floorMod(now / (24 * HOUR_MICROS) + 4, 7) % 6 == 0;
        double morning = 1 / (1 + StrictMath.exp(-(hour - 8.2) * 2.2));
        double evening = 1 / (1 + StrictMath.exp((hour - 17.8) * 1.6));
        officeHours = Math.max(0.05, morning * evening * (weekend ? 0.25 : 1));
        present = Math.max(1, (int) (atWork.length * officeHours));
    }
}
