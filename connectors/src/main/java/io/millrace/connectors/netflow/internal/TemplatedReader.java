package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;
import io.millrace.schemas.FlowFormat;

/** Reads NetFlow v9 and IPFIX: a header, then sets of templates, of options templates and of data. */
public final class TemplatedReader {
    private static final int SET_HEADER = 4;
    private static final int FIRST_DATA_SET = 256;
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final DecoderLimits limits;
    private final DecoderStatistics statistics;
    private final Domains domains;
    private final PendingSets pending;
    private final TemplateReader templates;
    private final RecordReader records;

    TemplatedReader(DecoderLimits limits, DecoderStatistics statistics, Domains domains) {
        this.limits = limits;
        this.statistics = statistics;
        this.domains = domains;
        this.pending = new PendingSets(limits.pendingBytes());
        this.templates = new TemplateReader(limits, statistics);
        this.records = new RecordReader(limits, statistics, domains);
    }

    /** Reads one datagram whose first byte is at index 0 of the buffer and whose end is its limit. */
    public void read(String exporter, ByteBuffer data, long receivedMillis, FlowSink sink) {
        boolean ipfix = data.getShort(0) == 10;
        int headerLength = ipfix ? 16 : 20;
        if (data.limit() < headerLength) {
            statistics.countDrop(DropReason.TRUNCATED_HEADER, 1);
            return;
        }
        long number = data.getInt(headerLength - 4) & 0xffffffffL;
        Domain domain = domains.of(exporter, ipfix ? 10 : 9, number);
        ExportHeader header = ipfix
                ? header(FlowFormat.IPFIX, domain, data.getInt(4), 0, data.getInt(8), receivedMillis)
                : header(
                        FlowFormat.NETFLOW_V9, domain, data.getInt(8), data.getInt(4), data.getInt(12), receivedMillis);
        int end = ipfix ? messageEnd(data) : data.limit();
        long recordsRead = readSets(domain, header, data, headerLength, end, sink);
        long units = ipfix ? recordsRead == UNKNOWN ? -1 : recordsRead : 1;
        long lost = domain.advance(header.sequence(), units);
        if (lost > 0) {
            statistics.countGap(lost);
        }
    }

    /** Gives up whatever still waits for a template. */
    public void flush() {
        int left = pending.clear();
        if (left > 0) {
            statistics.countDrop(DropReason.TEMPLATE_MISSING, left);
        }
    }

    /** Bytes held for sets that wait for their template. */
    public long pendingBytes() {
        return pending.bytes();
    }

    private static ExportHeader header(
            FlowFormat format, Domain domain, int seconds, int uptime, int sequence, long receivedMillis) {
        long export = (seconds & 0xffffffffL) * 1000;
        return new ExportHeader(format, domain.sensor(), export, uptime, sequence & 0xffffffffL, receivedMillis);
    }

    private int messageEnd(ByteBuffer data) {
        int length = data.getShort(2) & 0xffff;
        if (length > data.limit() || length < 16) {
            statistics.countDrop(DropReason.WRONG_MESSAGE_LENGTH, 1);
            return data.limit();
        }
        if (length < data.limit()) {
            statistics.countDrop(DropReason.TRAILING_BYTES, 1);
        }
        return length;
    }

    /** Reads all sets and returns the number of data records in them, or UNKNOWN if not all could be counted. */
    private long readSets(Domain domain, ExportHeader header, ByteBuffer data, int from, int end, FlowSink sink) {
        boolean ipfix = header.format() == FlowFormat.IPFIX;
        long read = 0;
        boolean complete = true;
        int at = from;
        int setsLeft = ipfix ? Integer.MAX_VALUE : data.getShort(2) & 0xffff;
        while (end - at >= SET_HEADER) {
            int id = data.getShort(at) & 0xffff;
            int length = data.getShort(at + 2) & 0xffff;
            if (length < SET_HEADER) {
                if (id != 0 || length != 0) {
                    statistics.countDrop(DropReason.WRONG_SET_LENGTH, 1);
                    return UNKNOWN;
                }
                break;
            }
            if (setsLeft-- == 0) {
                statistics.countDrop(DropReason.WRONG_RECORD_COUNT, 1);
            }
            if (length > end - at) {
                statistics.countDrop(DropReason.TRUNCATED_SET, 1);
                complete = false;
            }
            int stop = Math.min(end, at + length);
            ByteBuffer set = data.slice(at + SET_HEADER, stop - at - SET_HEADER);
            at = stop;
            if (id >= FIRST_DATA_SET) {
                long count = readData(domain, header, id, set, read, sink);
                complete &= count >= 0;
                read += Math.max(0, count);
            } else if (id == (ipfix ? 2 : 0) || id == (ipfix ? 3 : 1)) {
                templates.read(set, ipfix, id == (ipfix ? 3 : 1), new Learner(domain, sink));
            } else {
                statistics.countDrop(DropReason.RESERVED_SET, 1);
                complete = false;
            }
        }
        return complete ? read : UNKNOWN;
    }

    private long readData(Domain domain, ExportHeader header, int id, ByteBuffer set, long before, FlowSink sink) {
        Template template = domain.template(id);
        if (template != null) {
            return records.read(domain, header, template, set, before, sink);
        }
        byte[] copy = new byte[set.remaining()];
        set.get(copy);
        int given = pending.hold(new PendingSets.PendingSet(domain, id, header, copy));
        if (given > 0) {
            statistics.countDrop(DropReason.TEMPLATE_BUFFER_FULL, given);
        }
        return -1;
    }

    /** Remembers what a set of templates says and reads the data that waited for it. */
    private final class Learner implements TemplateReader.Listener {
        private final Domain domain;
        private final FlowSink sink;

        Learner(Domain domain, FlowSink sink) {
            this.domain = domain;
            this.sink = sink;
        }

        @Override
        public void announced(Template template) {
            domains.change(domain, () -> domain.learn(template, limits.templatesPerDomain(), limits.templateFields()));
            long position = 1L << 15;
            for (PendingSets.PendingSet set : pending.take(domain, template.id())) {
                position += Math.max(
                        0,
                        records.read(domain, set.header(), template, ByteBuffer.wrap(set.records()), position, sink));
            }
        }

        @Override
        public void withdrawn(int id, boolean options) {
            boolean all = id == (options ? 3 : 2);
            domains.change(domain, () -> {
                if (all) {
                    domain.forgetAll(template -> template.options() == options);
                } else {
                    domain.forget(id);
                }
            });
        }
    }
}
