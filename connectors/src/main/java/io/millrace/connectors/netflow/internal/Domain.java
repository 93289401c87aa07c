package io.millrace.connectors.netflow.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

import io.millrace.connectors.netflow.ExportSource;

/**
 * What is remembered of one exporter's source identifier or observation domain: its templates, the next sequence number
 * and what its options data say of its flows.
 */
final class Domain {
    /** Identity of a domain; the version is part of it, since versions number their templates on their own. */
    record Key(ExportSource source, int version, long number) {
        /** The same domain whatever port it is sent from. */
        Key anyPort() {
            return new Key(new ExportSource(source.address(), 0, source.transport()), version, number);
        }
    }

    private static final int MAX_APPLICATIONS = 4096;

    /** Sequence numbers so far ahead, modulo 2^32, are a little behind: a datagram overtaken by another. */
    private static final long LATE = 0xffff_0000L;

    /** Sequence numbers this far ahead, and not late, are those of an exporter that began anew. */
    private static final long RESTARTED = 0x4000_0000L;

    /** Every exporter counts through the numbers below: they do not tell one from another. */
    private static final long TELLING = 256;

    private final LinkedHashMap<Integer, Template> templates = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, String> applications = new HashMap<>();
    private final SamplingRates sampling = new SamplingRates();
    private final Key key;
    private final String sensor;
    private int fields;
    private long expectedSequence = -1;
    private long systemInitMillis = -1;
    private boolean borrowing;

    Domain(Key key) {
        this.key = key;
        this.sensor = key.source().address() + "/" + key.number();
    }

    Key key() {
        return key;
    }

    long number() {
        return key.number();
    }

    String sensor() {
        return sensor;
    }

    Template template(int id) {
        return templates.get(id);
    }

    Collection<Template> templates() {
        return templates.values();
    }

    void learn(Template template, int maxTemplates, int maxFields) {
        borrowing = false;
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
        return fields + templates.size() + applications.size() + sampling.size();
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

    /** Whether a datagram with this number can only come from the process that has sent this domain's. */
    boolean continuesWith(long sequence) {
        return expectedSequence >= TELLING && sequence == expectedSequence;
    }

    /** Whether this port, which has no templates of its own, has been read by those of another. */
    boolean borrows() {
        return borrowing && templates.isEmpty();
    }

    void borrow() {
        borrowing = true;
    }

    void systemInit(long millis) {
        systemInitMillis = millis;
    }

    /** When the exporter started, milliseconds since the epoch, or -1 if it never said. */
    long systemInitMillis() {
        return systemInitMillis;
    }

    SamplingRates sampling() {
        return sampling;
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

    Map<String, String> applications() {
        return applications;
    }
}
