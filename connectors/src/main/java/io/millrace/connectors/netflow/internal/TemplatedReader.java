package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderOptions;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;
import io.millrace.connectors.netflow.ExportSource;
import io.millrace.schemas.FlowFormat;

/** Reads NetFlow v9 and IPFIX: a header, then sets of templates, of options templates and of data. */
final class TemplatedReader {
    private static final int SET_HEADER = 4;
    private static final int FIRST_DATA_SET = 256;
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final DecoderStatistics statistics;
    private final Domains domains;
    private final TemplateReader templates;
    private final RecordReader records;
    private final MissingTemplates missing;
    private final DecoderOptions options;

    TemplatedReader(DecoderOptions options, DecoderStatistics statistics, Domains domains) {
        this.options = options;
        this.statistics = statistics;
        this.domains = domains;
        this.templates = new TemplateReader(options.limits(), statistics);
        this.records = new RecordReader(options, statistics, domains);
        this.missing = new MissingTemplates(options.limits().pendingBytes(), statistics, domains, records);
    }

    /** Reads one message whose first byte is at index 0 of the buffer and whose end is its limit. */
    void read(ExportSource source, ByteBuffer data, long receivedMillis, FlowSink sink) {
        boolean ipfix = data.getShort(0) == 10;
        int headerLength = ipfix ? 16 : 20;
        if (data.limit() < headerLength) {
            statistics.countDrop(DropReason.TRUNCATED_HEADER, 1);
            return;
        }
        long number = data.getInt(headerLength - 4) & 0xffffffffL;
        Domain domain = domains.of(source, ipfix ? 10 : 9, number);
        ExportHeader header = ipfix
                ? header(FlowFormat.IPFIX, domain, data.getInt(4), 0, data.getInt(8), receivedMillis)
                : header(
                        FlowFormat.NETFLOW_V9, domain, data.getInt(8), data.getInt(4), data.getInt(12), receivedMillis);
        statistics.heard(header.sensor(), source, header.exportMillis() + 500, receivedMillis);
        int end = ipfix ? messageEnd(data) : data.limit();
        Learner learner = new Learner(domain, source.transport() == ExportSource.Transport.STREAM, sink);
        long recordsRead = readSets(domain, header, data, headerLength, end, learner, sink);
        long units = ipfix ? recordsRead == UNKNOWN ? -1 : recordsRead : 1;
        long lost = domain.advance(header.sequence(), units);
        if (lost > 0) {
            statistics.countGap(lost);
        }
    }

    /** Lets go what has waited for long, as of a time. */
    void advance(long nowMillis, FlowSink sink) {
        missing.advance(nowMillis, sink);
        records.advance(nowMillis, sink);
    }

    /** Lets go or gives up whatever still waits. */
    void flush(FlowSink sink) {
        missing.flush(sink);
        records.flush(sink);
    }

    /** Bytes held for sets that wait for their template. */
    long pendingBytes() {
        return missing.bytes();
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
    private long readSets(
            Domain domain, ExportHeader header, ByteBuffer data, int from, int end, Learner learner, FlowSink sink) {
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
                templates.read(set, ipfix, id == (ipfix ? 3 : 1), learner);
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
        Domain lender = missing.lenderAtOnce(domain, id, header.sequence());
        if (lender != null) {
            return records.read(lender, header, lender.template(id), set, before, sink);
        }
        missing.hold(domain, id, header, set, sink);
        return -1;
    }

    /** Remembers what a set of templates says and reads the data that waited for it. */
    private final class Learner implements TemplateReader.Listener {
        private final Domain domain;
        private final boolean withdraws;
        private final FlowSink sink;

        Learner(Domain domain, boolean withdraws, FlowSink sink) {
            this.domain = domain;
            this.withdraws = withdraws;
            this.sink = sink;
        }

        @Override
        public void announced(Template template) {
            domains.change(
                    domain,
                    () -> domain.learn(
                            template,
                            options.limits().templatesPerDomain(),
                            options.limits().templateFields()));
            missing.found(domain, template, sink);
        }

        /** A datagram may be stray, late or forged: over UDP a withdrawal must be ignored (RFC 7011, 8.4). */
        @Override
        public void withdrawn(int id, boolean options) {
            if (!withdraws) {
                statistics.countDrop(DropReason.IGNORED_WITHDRAWAL, 1);
                return;
            }
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
