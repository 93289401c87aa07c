package io.millrace.connectors.netflow.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is remembered of one exporter's source identifier or observation domain: its templates, the next sequence number
 * and what its options data say of all its flows.
 */
final class Domain {
    /** Identity of a domain; the version is part of it, since both versions number their templates on their own. */
    record Key(String exporter, int version, long number) {}

    private static final int MAX_APPLICATIONS = 4096;

    /** Sequence numbers so far ahead, modulo 2^32, are a little behind: a datagram overtaken by another. */
    private static final long LATE = 0xffff_0000L;

    /** Sequence numbers this far ahead, and not late, are those of an exporter that began anew. */
    private static final long RESTARTED = 0x4000_0000L;

    private final LinkedHashMap<Integer, Template> templates = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, String> applications = new HashMap<>();
    private final String sensor;
    private int fields;
    private long expectedSequence = -1;
    private long systemInitMillis = -1;
    private long samplingInterval;

    Domain(String sensor) {
        this.sensor = sensor;
    }

    String sensor() {
        return sensor;
    }

    Template template(int id) {
        return templates.get(id);
    }

    void learn(Template template, int maxTemplates, int maxFields) {
        Template former = templates.put(template.id(), template);
        fields +=
                template.fields().size() - (former == null ? 0 : former.fields().size());
        while (templates.size() > maxTemplates || fields > maxFields && templates.size() > 1) {
            forget(templates.keySet().iterator().next());
        }
    }

    void forget(int id) {
        Template former = templates.remove(id);
        if (former != null) {
            fields -= former.fields().size();
        }
    }

    void forgetAll(Predicate<Template> which) {
        templates.values().removeIf(which);
        fields = templates.values().stream().mapToInt(t -> t.fields().size()).sum();
    }

    /** Entries held, the measure by which domains give way to each other. */
    int size() {
        return fields + templates.size() + applications.size();
    }

    /**
     * Compares a sequence number with the one expected.
     *
     * @param units how far the datagram advances the sequence, or -1 if that cannot be known
     * @return units missing since the last datagram; 0 for none, for a late datagram and for a restarted exporter
     */
    long advance(long sequence, long units) {
        long ahead = expectedSequence < 0 ? 0 : (sequence - expectedSequence) & 0xffffffffL;
        if (ahead > LATE) {
            return 0;
        }
        expectedSequence = units < 0 ? -1 : (sequence + units) & 0xffffffffL;
        return ahead < RESTARTED ? ahead : 0;
    }

    void systemInit(long millis) {
        systemInitMillis = millis;
    }

    /** When the exporter started, milliseconds since the epoch, or -1 if it never said. */
    long systemInitMillis() {
        return systemInitMillis;
    }

    void sampling(long interval) {
        samplingInterval = interval;
    }

    /** One packet in how many is looked at, or 0 if the exporter never said. */
    long samplingInterval() {
        return samplingInterval;
    }

    void application(String id, String name) {
        if (applications.size() < MAX_APPLICATIONS || applications.containsKey(id)) {
            applications.put(id, name);
        }
    }

    /** Name of an application identifier as the exporter announced it, or null. */
    String application(String id) {
        return applications.get(id);
    }
}
