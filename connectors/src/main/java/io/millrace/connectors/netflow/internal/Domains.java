package io.millrace.connectors.netflow.internal;

import java.util.Iterator;
import java.util.LinkedHashMap;

import io.millrace.connectors.netflow.DecoderLimits;

/** The domains heard of, the least recently heard giving way when there are too many or they hold too much. */
final class Domains {
    private final LinkedHashMap<Domain.Key, Domain> domains = new LinkedHashMap<>(16, 0.75f, true);
    private final DecoderLimits limits;
    private long held;

    Domains(DecoderLimits limits) {
        this.limits = limits;
    }

    Domain of(String exporter, int version, long number) {
        Domain.Key key = new Domain.Key(exporter, version, number);
        Domain domain = domains.get(key);
        if (domain == null) {
            domain = new Domain(exporter + "/" + number);
            domains.put(key, domain);
            if (domains.size() > limits.domains()) {
                dropOldest();
            }
        }
        return domain;
    }

    /** Runs a change of a domain and keeps all domains together within the limit. */
    void change(Domain domain, Runnable change) {
        int before = domain.size();
        change.run();
        held += domain.size() - before;
        while (held > limits.templateFields() && domains.size() > 1) {
            dropOldest();
        }
    }

    long held() {
        return held;
    }

    private void dropOldest() {
        Iterator<Domain> oldest = domains.values().iterator();
        held -= oldest.next().size();
        oldest.remove();
    }
}
