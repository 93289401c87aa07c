package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;
import io.millrace.schemas.FlowFormat;

/** Reads the records of one data set by its template. */
final class RecordReader {
    private static final int LONG_LENGTH = 255;

    private final DecoderLimits limits;
    private final DecoderStatistics statistics;
    private final Domains domains;
    private final FlowAssembler assembler = new FlowAssembler();

    RecordReader(DecoderLimits limits, DecoderStatistics statistics, Domains domains) {
        this.limits = limits;
        this.statistics = statistics;
        this.domains = domains;
    }

    /**
     * Reads a set.
     *
     * @param set content of the set, from index 0 to the limit
     * @param before records of the datagram read so far
     * @return records read, or -1 if not all could be
     */
    long read(Domain domain, ExportHeader header, Template template, ByteBuffer set, long before, FlowSink sink) {
        if (template.minimumLength() == 0) {
            statistics.countDrop(DropReason.EMPTY_RECORDS, 1);
            return -1;
        }
        boolean variable = header.format() == FlowFormat.IPFIX;
        long count = 0;
        int at = 0;
        while (set.limit() - at >= template.minimumLength()) {
            OptionsRecord options = template.options() ? new OptionsRecord() : null;
            if (options == null) {
                assembler.begin(header, template.bidirectionalCounters());
            }
            at = readRecord(template, set, at, variable, options);
            if (at < 0) {
                statistics.countDrop(DropReason.MALFORMED_RECORD, 1);
                return -1;
            }
            if (options != null) {
                statistics.countOptionRecord();
                domains.change(domain, () -> options.applyTo(domain));
            } else {
                statistics.countRecord();
                emit(domain, header.sequence() << 16 | before + count, sink);
            }
            count++;
        }
        return count;
    }

    /** Reads one record and returns where the next begins, or -1 if this one does not fit. */
    private int readRecord(Template template, ByteBuffer set, int from, boolean variable, OptionsRecord options) {
        int at = from;
        for (Template.Field field : template.fields()) {
            int length = field.length();
            if (variable && length == Template.VARIABLE) {
                if (at >= set.limit()) {
                    return -1;
                }
                length = set.get(at++) & 0xff;
                if (length == LONG_LENGTH) {
                    if (set.limit() - at < 2) {
                        return -1;
                    }
                    length = set.getShort(at) & 0xffff;
                    at += 2;
                }
            }
            if (set.limit() - at < length) {
                return -1;
            }
            if (length > 0 && options == null) {
                assembler.field(field.enterprise(), field.element(), set, at, length);
            } else if (length > 0) {
                options.field(field.enterprise(), field.element(), set, at, length);
            }
            at += length;
        }
        return at;
    }

    private void emit(Domain domain, long position, FlowSink sink) {
        if (assembler.hasAddresses() || limits.keepAddressless()) {
            sink.accept(assembler.finish(domain, position));
        } else {
            statistics.countDrop(DropReason.NO_ADDRESS, 1);
        }
    }
}
