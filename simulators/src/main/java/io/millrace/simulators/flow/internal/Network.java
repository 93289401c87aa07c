package io.millrace.simulators.flow.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.millrace.simulators.random.SeededRandom;

/** The simulated network: internal hosts by role, the services of the outside world, and strangers. */
final class Network {
    private static final int SERVICES = 3000;
    private static final int FAVOURITES = 40;

    final List<Host> hosts;
    private final Map<HostRole, List<Host>> byRole = new EnumMap<>(HostRole.class);
    private final Endpoint[] services = new Endpoint[SERVICES];
    private final Endpoint[] multicast;
    private final SeededRandom random;

    Network(int hostCount, int sensors, SeededRandom random) {
        this.random = random;
        this.hosts = new ArrayList<>(hostCount);
        for (HostRole role : HostRole.values()) {
            byRole.put(role, new ArrayList<>());
        }
        for (HostRole role : HostRole.values()) {
            if (role != HostRole.WORKSTATION && role != HostRole.DEVICE) {
                int count = Math.max(1, (int) (hostCount * serverPart(role)));
                for (int i = 0; i < count && hosts.size() < hostCount - 2; i++) {
                    addHost(role, sensors);
                }
            }
        }
        while (hosts.size() < hostCount) {
            addHost(random.chance(0.14) ? HostRole.DEVICE : HostRole.WORKSTATION, sensors);
        }
        if (byRole.get(HostRole.WORKSTATION).isEmpty()) {
            byRole.get(HostRole.WORKSTATION).addAll(hosts);
        }
        for (int i = 0; i < SERVICES; i++) {
            services[i] = stranger();
        }
        String[] groups = {"224.0.0.251", "239.255.255.250", "224.0.0.252", "10.0.255.255"};
        multicast = new Endpoint[groups.length];
        for (int i = 0; i < groups.length; i++) {
            multicast[i] = new Endpoint(groups[i], -1, 0, 1e9, random);
        }
    }

    private static double serverPart(HostRole role) {
        return switch (role) {
            case WEB -> 0.02;
            case DATABASE, FILES -> 0.01;
            case RESOLVER, DIRECTORY, MAIL -> 0.002;
            default -> 0.001;
        };
    }

    private void addHost(HostRole role, int sensors) {
        int index = hosts.size() + 10;
        String address = "10." + (index >> 16) + '.' + (index >> 8 & 255) + '.' + (index & 255);
        Host host = new Host(address, role, random.below(sensors), random);
        hosts.add(host);
        byRole.get(role).add(host);
    }

    /** Returns some internal host. */
    Host anyHost() {
        return hosts.get(random.below(hosts.size()));
    }

    /** Returns a host of the role, or any host where the network has none. */
    Host any(HostRole role) {
        List<Host> some = byRole.get(role);
        return some.isEmpty() ? anyHost() : some.get(random.below(some.size()));
    }

    /** Returns the server of the role that this client always uses. */
    Host own(HostRole role, Host client) {
        List<Host> some = byRole.get(role);
        return some.isEmpty() ? anyHost() : some.get(client.taste % some.size());
    }

    int count(HostRole role) {
        return byRole.get(role).size();
    }

    /** Returns a popular service, or one of the client's favourites. */
    Endpoint service(Host client) {
        int index = random.chance(0.55) ? client.taste + random.zipf(FAVOURITES) * 7 : random.zipf(SERVICES);
        return services[index % SERVICES];
    }

    /** Returns the one service behind an application of a vendor, such as its push or update servers. */
    Endpoint vendor(int number) {
        return services[SERVICES - 1 - number % 200];
    }

    Endpoint multicastGroup(int index) {
        return multicast[index];
    }

    /** Returns a new host of the outside world with a random public address. */
    Endpoint stranger() {
        int first;
        do {
            first = random.between(11, 223);
        } while (first == 127 || first == 169 || first == 172 || first == 192 || first == 198 || first == 203);
        String address = first + "." + random.below(256) + '.' + random.below(256) + '.' + random.between(1, 254);
        double delay = Math.min(0.6, random.logNormal(0.022, 0.9));
        return new Endpoint(address, -1, delay, random.logNormal(3e6, 1.0), random);
    }
}
