package io.millrace.simulators.flow.internal;

import java.util.ArrayList;
import java.util.List;

import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.DriftKind;
import io.millrace.simulators.random.SeededRandom;

/**
 * Starts campaigns of one kind of attack so that, over time, the kind has its share of the records. Looks about once a second at
 * what was made and what running campaigns will make soon, and starts another when that falls behind.
 */
final class AttackScheduler implements Actor {
    private static final double LOOK_AHEAD_SECONDS = 20;
    /** Infected hosts of one kind at a time, as a part of all hosts; keeps slow beacons from infecting everything. */
    private static final double MOST_INFECTED = 0.04;

    private final Traffic traffic;
    private final SeededRandom random;
    private final Agenda agenda;
    private final AttackKind kind;
    private final double flowsPerSecond;
    private final double recordsPerSecond;
    private final long startMicros;
    private final List<Campaign> running = new ArrayList<>();
    private long made;
    private long number;

    /**
     * @param flowsPerSecond flows of this kind a second, the goal
     * @param recordsPerSecond records of the whole stream a second; limits how fast a single attack may be
     */
    AttackScheduler(
            Traffic traffic,
            Agenda agenda,
            AttackKind kind,
            double flowsPerSecond,
            double recordsPerSecond,
            long startMicros) {
        this.traffic = traffic;
        this.random = traffic.random;
        this.agenda = agenda;
        this.kind = kind;
        this.flowsPerSecond = flowsPerSecond;
        this.recordsPerSecond = recordsPerSecond;
        this.startMicros = startMicros;
    }

    @Override
    public long act(long now) {
        running.removeIf(Campaign::over);
        double goal = flowsPerSecond * ((now - startMicros) / 1e6 + LOOK_AHEAD_SECONDS * 0.5);
        double coming = 0;
        for (Campaign campaign : running) {
            coming += campaign.stepsWithin(LOOK_AHEAD_SECONDS);
        }
        int most = 2 + (int) (traffic.network.hosts.size() * MOST_INFECTED);
        for (int started = 0; started < 8 && made + coming < goal && running.size() < most; started++) {
            Campaign campaign = counted(create());
            running.add(campaign);
            coming += campaign.stepsWithin(LOOK_AHEAD_SECONDS);
            agenda.add(Traffic.after(now, random.uniform() * Math.min(2, 1 / flowsPerSecond)), campaign);
        }
        return Traffic.after(now, 0.5 + random.uniform());
    }

    private Campaign counted(Campaign campaign) {
        campaign.onFlow(() -> made++);
        return campaign;
    }

    private Campaign create() {
        number++;
        return switch (kind) {
            case SCAN -> scan();
            case BRUTE_FORCE -> bruteForce();
            case DENIAL_OF_SERVICE -> flood();
            case EXFILTRATION -> exfiltration();
            case BEACONING -> beacon();
        };
    }

    /** Number of steps: from a few to what the kind's budget of some minutes allows. */
    private long steps(double least, double seconds) {
        double most = Math.max(least * 2, Math.min(6_000, flowsPerSecond * seconds));
        return (long) random.logUniform(least, most);
    }

    /** Steps a second: over the wide range that tools cover, but never more than half the stream. */
    private double rate(double slowest, double fastest) {
        double limit = Math.max(slowest * 2, Math.min(fastest, recordsPerSecond * 0.4));
        return random.logUniform(slowest, limit);
    }

    private Campaign scan() {
        ScanCampaign.Method method = newTools()
                ? ScanCampaign.Method.FAST_OPEN
                : random.pick(
                        ScanCampaign.Method.SYN,
                        ScanCampaign.Method.SYN,
                        ScanCampaign.Method.SYN,
                        ScanCampaign.Method.CONNECT,
                        ScanCampaign.Method.CONNECT,
                        ScanCampaign.Method.UDP,
                        ScanCampaign.Method.ODD_FLAGS,
                        ScanCampaign.Method.ICMP,
                        ScanCampaign.Method.VERSION);
        boolean inside = random.chance(0.45);
        boolean outbound = inside && random.chance(0.3);
        double speed = random.chance(0.25) ? rate(0.05, 0.5) : rate(0.5, 500);
        boolean botnet = !inside && random.chance(0.2);
        long steps = steps(12, 50);
        Endpoint[] attackers = sources(botnet ? (int) Math.min(400, steps / 2 + 1) : 1, inside);
        return new ScanCampaign(traffic, number, steps, speed, attackers, method, outbound);
    }

    private Campaign bruteForce() {
        BruteForceCampaign.Login[] logins = BruteForceCampaign.Login.values();
        BruteForceCampaign.Login login = newTools()
                ? BruteForceCampaign.Login.PORTAL
                : random.chance(0.4) ? BruteForceCampaign.Login.SSH : logins[random.below(logins.length - 1)];
        boolean inside = random.chance(0.35);
        Endpoint[] attackers = sources(inside ? 1 : random.chance(0.8) ? 1 : random.between(2, 12), inside);
        return new BruteForceCampaign(traffic, number, steps(15, 60), rate(0.05, 40), attackers, login);
    }

    private Campaign flood() {
        FloodCampaign.Method[] methods = FloodCampaign.Method.values();
        FloodCampaign.Method method =
                newTools() ? FloodCampaign.Method.RAPID_RESET : methods[random.below(methods.length - 1)];
        long steps = steps(40, 60);
        boolean slow = method == FloodCampaign.Method.SLOW;
        boolean inside = random.chance(0.25);
        boolean forged = !inside
                && random.chance(0.4)
                && (method == FloodCampaign.Method.SYN
                        || method == FloodCampaign.Method.UDP
                        || method == FloodCampaign.Method.ACK);
        int sources = method == FloodCampaign.Method.REFLECTION || forged
                ? (int) random.logUniform(10, Math.max(20, Math.min(3000, steps)))
                : inside || random.chance(0.6) ? 1 : random.between(2, 25);
        Endpoint victim = random.chance(0.25) && inside
                ? traffic.network.stranger()
                : random.chance(0.7) ? traffic.network.any(HostRole.WEB) : traffic.network.anyHost();
        return new FloodCampaign(
                traffic, number, steps, slow ? rate(0.5, 20) : rate(2, 2000), sources(sources, inside), victim, method);
    }

    private Campaign exfiltration() {
        ExfiltrationCampaign.Channel[] channels = ExfiltrationCampaign.Channel.values();
        ExfiltrationCampaign.Channel channel =
                newTools() ? ExfiltrationCampaign.Channel.QUIC : channels[random.below(channels.length - 1)];
        double speed =
                switch (channel) {
                    case DNS_TUNNEL -> rate(0.1, 8);
                    case DRIP -> rate(0.003, 0.1);
                    default -> rate(0.01, 0.5);
                };
        return new ExfiltrationCampaign(
                traffic, number, steps(4, 60), speed, infected(), traffic.network.stranger(), channel);
    }

    private Campaign beacon() {
        BeaconCampaign.Channel[] channels = BeaconCampaign.Channel.values();
        BeaconCampaign.Channel channel = newTools()
                ? BeaconCampaign.Channel.DNS_OVER_HTTPS
                : random.chance(0.35) ? BeaconCampaign.Channel.HTTPS : channels[random.below(channels.length - 1)];
        double period = random.logUniform(2, 1800);
        return new BeaconCampaign(
                traffic,
                number,
                (long) random.logUniform(20, 400),
                1 / period,
                infected(),
                traffic.network.stranger(),
                channel);
    }

    private Endpoint[] sources(int count, boolean inside) {
        Endpoint[] sources = new Endpoint[count];
        for (int i = 0; i < count; i++) {
            sources[i] = inside ? infected() : traffic.network.stranger();
        }
        return sources;
    }

    private Host infected() {
        return traffic.network.any(random.chance(0.75) ? HostRole.WORKSTATION : HostRole.DEVICE);
    }

    private boolean newTools() {
        return random.chance(traffic.drift.share(DriftKind.NEW_ATTACK_TOOLS));
    }
}
