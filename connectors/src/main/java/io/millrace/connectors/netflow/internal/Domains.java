package io.millrace.connectors.netflow.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.ExportSource;

/**
 * The domains heard of, the least recently heard giving way when there are too many or they hold too much. Those of one
 * address that differ by port alone are known as each other's peers; their number is bounded by itself, so that an
 * exporter that sends from ever new ports displaces nobody else.
 */
public final class Domains {
    private static final int MAX_PEERS = 64;

    private final LinkedHashMap<Domain.Key, Domain> domains = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Domain.Key, Set<Domain>> peers = new HashMap<>();
    private final DecoderLimits limits;
    private long held;

    Domains(DecoderLimits limits) {
        this.limits = limits;
    }

    Domain of(ExportSource source, int version, long number) {
        Domain.Key key = new Domain.Key(source.session(), version, number);
        Domain domain = domains.get(key);
        if (domain == null) {
            domain = new Domain(key);
            domains.put(key, domain);
            Set<Domain> same = peers.computeIfAbsent(key.anyPort(), any -> new LinkedHashSet<>(2));
            same.add(domain);
            if (same.size() > MAX_PEERS) {
                drop(same.iterator().next());
            } else if (domains.size() > limits.domains()) {
                drop(domains.values().iterator().next());
            }
        }
        return domain;
    }

    /** The domain of another number of the same exporter, or null. */
    Domain sibling(Domain domain, long number) {
        return domains.get(new Domain.Key(domain.key().source(), domain.key().version(), number));
    }

    /** The domains of the same address, version and number at other ports, over datagrams alone. */
    List<Domain> peers(Domain domain) {
        if (domain.key().source().transport() != ExportSource.Transport.DATAGRAM) {
            return List.of();
        }
        List<Domain> others = new ArrayList<>(peers.getOrDefault(domain.key().anyPort(), Set.of()));
        others.remove(domain);
        return others;
    }

    /** Runs a change of a domain and keeps all domains together within the limit. */
    void change(Domain domain, Runnable change) {
        boolean known = domains.get(domain.key()) == domain;
        int before = domain.size();
        change.run();
        held += known ? domain.size() - before : 0;
        while (held > limits.templateFields() && domains.size() > 1) {
            drop(domains.values().iterator().next());
        }
    }

    /** Forgets what a closed connection has announced. */
    public void forget(ExportSource source) {
        List.copyOf(domains.values()).stream()
                .filter(domain -> domain.key().source().equals(source))
                .forEach(this::drop);
    }

    Collection<Domain> all() {
        return domains.values();
    }

    long held() {
        return held;
    }

    private void drop(Domain domain) {
        domains.remove(domain.key());
        held -= domain.size();
        Set<Domain> same = peers.get(domain.key().anyPort());
        if (same != null && same.remove(domain) && same.isEmpty()) {
            peers.remove(domain.key().anyPort());
        }
    }
}
