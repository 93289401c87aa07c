package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderOptions;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;
import io.millrace.schemas.FlowRecord;

/** Reads the records of one data set by its template. */
final class RecordReader {
    private static final int LONG_LENGTH = 255;

    private final boolean keepAddressless;
    private final DecoderStatistics statistics;
    private final Domains domains;
    private final ReceiptClock clock;
    private final FlowRecordBuilder builder = new FlowRecordBuilder();
    private final FirewallConnections connections = new FirewallConnections();

    RecordReader(DecoderOptions options, DecoderStatistics statistics, Domains domains) {
        this.keepAddressless = options.limits().keepAddressless();
        this.statistics = statistics;
        this.domains = domains;
        this.clock = new ReceiptClock(options.maxAhead(), statistics);
    }

    /**
     * Reads a set.
     *
     * @param domain whose templates and options hold for the set
     * @param set content of the set, from index 0 to the limit
     * @param before records of the datagram read so far
     * @return records read, or -1 if not all could be
     */
    long read(Domain domain, ExportHeader header, Template template, ByteBuffer set, long before, FlowSink sink) {
        if (template.minimumLength() == 0) {
            statistics.countDrop(DropReason.EMPTY_RECORDS, 1);
            return -1;
        }
        long count = 0;
        int at = 0;
        while (set.limit() - at >= template.minimumLength()) {
            OptionsRecord options = template.options() ? new OptionsRecord() : null;
            if (options == null) {
                builder.begin(header, template);
            }
            at = readRecord(template, set, at, options);
            if (at < 0) {
                statistics.countDrop(DropReason.MALFORMED_RECORD, 1);
                return -1;
            }
            if (options != null) {
                statistics.countOptionRecord();
                options.applyTo(domain, domains);
            } else {
                statistics.countRecord();
                emit(domain, header, header.sequence() << 16 | before + count, sink);
            }
            count++;
        }
        return count;
    }

    /** Lets go what is held of connections whose end was not reported for long, as of a time. */
    void advance(long nowMillis, FlowSink sink) {
        connections.advance(nowMillis, sink);
    }

    /** Lets go what is held of connections whose end was not reported. */
    void flush(FlowSink sink) {
        connections.flush(sink);
    }

    /** Reads one record and returns where the next begins, or -1 if this one does not fit. */
    private int readRecord(Template template, ByteBuffer set, int from, OptionsRecord options) {
        int at = from;
        for (Template.Field field : template.fields()) {
            int length = field.length();
            if (length == Template.VARIABLE) {
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
                builder.field(field.enterprise(), field.element(), set, at, length);
            } else if (length > 0) {
                options.field(field, set, at, length);
            }
            at += length;
        }
        return at;
    }

    private void emit(Domain domain, ExportHeader header, long position, FlowSink sink) {
        if (!builder.hasAddresses() && !keepAddressless) {
            statistics.countDrop(DropReason.NO_ADDRESS, 1);
            return;
        }
        FlowRecord flow = builder.finish(domain, domains, position);
        clock.check(flow, header);
        if (builder.firewallEvent() > 0) {
            long now = header.received() ? header.receivedMillis() : header.exportMillis();
            connections.accept(flow, builder.firewallEvent(), builder.countsTotals(), now, sink);
        } else {
            sink.accept(flow);
        }
    }
}
