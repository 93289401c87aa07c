package io.millrace.simulators.flow.internal;

import io.millrace.simulators.random.SeededRandom;

/** An internal host with its role and its habits. */
final class Host extends Endpoint {
    final HostRole role;
    /** How far up the popular services this host's favourites begin; gives each user sites of its own. */
    final int taste;
    /** Part of web connections over QUIC. */
    final double quicShare;

    Host(String address, HostRole role, int sensor, SeededRandom random) {
        super(
                address,
                sensor,
                random.logNormal(role == HostRole.DEVICE ? 0.002 : 0.0004, 0.7),
                random.logNormal(role == HostRole.DEVICE ? 1e6 : 4e7, 0.6),
                random);
        this.role = role;
        this.taste = random.below(400);
        this.quicShare = random.chance(0.5) ? random.uniform(0, 0.35) : 0;
    }
}
