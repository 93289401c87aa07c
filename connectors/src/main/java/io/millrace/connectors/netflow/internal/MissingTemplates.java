package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.util.Collection;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;
import io.millrace.connectors.netflow.NetFlowDecoder;

/**
 * Data whose template its port has not announced. It waits for the template. Exporters that send from changing ports
 * announce it from another one though; so data is read by the template of another port of the same address and domain
 * where the sequence numbers show that both are one process, or once it has waited for {@value #PATIENCE_MILLIS} ms in
 * vain, must make room, or no more input will come, and if all ports that have the template agree on it.
 */
final class MissingTemplates {
    private static final long PATIENCE_MILLIS = 30_000;

    /** Positions of records that are read late, so that none has the identifier of one read at once. */
    private static final long LATE_POSITION = 1L << 15;

    private final PendingSets pending;
    private final DecoderStatistics statistics;
    private final Domains domains;
    private final RecordReader records;
    private long nextLook = Long.MIN_VALUE;

    MissingTemplates(long capacity, DecoderStatistics statistics, Domains domains, RecordReader records) {
        this.pending = new PendingSets(capacity);
        this.statistics = statistics;
        this.domains = domains;
        this.records = records;
    }

    /** The domain by whose template data can be read without waiting, or null. */
    Domain lenderAtOnce(Domain domain, int id, long sequence) {
        for (Domain peer : domains.peers(domain)) {
            if (peer.continuesWith(sequence) && peer.template(id) != null) {
                domain.borrow();
                return peer;
            }
        }
        return domain.borrows() ? lender(domain, id) : null;
    }

    void hold(Domain domain, int id, ExportHeader header, ByteBuffer set, FlowSink sink) {
        byte[] copy = new byte[set.remaining()];
        set.get(copy);
        boolean received = header.receivedMillis() != NetFlowDecoder.NOT_RECEIVED;
        long since = received ? header.receivedMillis() : PendingSets.UNTIMED;
        pending.hold(new PendingSets.PendingSet(domain, id, header, copy, since));
        while (pending.overfull()) {
            PendingSets.PendingSet oldest = pending.takeOldest();
            Domain lender = lender(oldest.domain(), oldest.id());
            if (lender == null) {
                statistics.countDrop(DropReason.TEMPLATE_BUFFER_FULL, 1);
            } else {
                read(lender, lender.template(oldest.id()), oldest, LATE_POSITION, sink);
            }
        }
    }

    /** Reads the data that waited for a template. */
    void found(Domain domain, Template template, FlowSink sink) {
        readAll(domain, template, pending.take(domain, template.id()), sink);
    }

    /** Looks elsewhere for the templates that have not come for long. */
    void advance(long nowMillis, FlowSink sink) {
        if (nowMillis < nextLook) {
            return;
        }
        nextLook = nowMillis + 1000;
        for (PendingSets.Key missed : pending.since(nowMillis - PATIENCE_MILLIS)) {
            Domain lender = lender(missed.domain(), missed.id());
            if (lender != null) {
                missed.domain().borrow();
                readAll(lender, lender.template(missed.id()), pending.take(missed.domain(), missed.id()), sink);
            }
        }
    }

    /** Reads what can be read after all, and gives the rest up. */
    void flush(FlowSink sink) {
        for (PendingSets.Key missed : pending.missed()) {
            Domain lender = lender(missed.domain(), missed.id());
            Collection<PendingSets.PendingSet> sets = pending.take(missed.domain(), missed.id());
            if (lender == null) {
                statistics.countDrop(DropReason.TEMPLATE_MISSING, sets.size());
            } else {
                readAll(lender, lender.template(missed.id()), sets, sink);
            }
        }
    }

    long bytes() {
        return pending.bytes();
    }

    /** A domain of another port that has the template; null if there is none or they do not agree on it. */
    private Domain lender(Domain domain, int id) {
        Domain lender = null;
        for (Domain peer : domains.peers(domain)) {
            Template template = peer.template(id);
            if (template != null && lender != null && !template.equals(lender.template(id))) {
                return null;
            }
            lender = template == null ? lender : peer;
        }
        return lender;
    }

    private void readAll(Domain domain, Template template, Collection<PendingSets.PendingSet> sets, FlowSink sink) {
        long position = LATE_POSITION;
        for (PendingSets.PendingSet set : sets) {
            position += Math.max(0, read(domain, template, set, position, sink));
        }
    }

    private long read(Domain domain, Template template, PendingSets.PendingSet set, long position, FlowSink sink) {
        return records.read(domain, set.header(), template, ByteBuffer.wrap(set.records()), position, sink);
    }
}
