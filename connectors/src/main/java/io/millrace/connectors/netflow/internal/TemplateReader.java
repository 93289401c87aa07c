package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;

/** Reads sets of templates and options templates of NetFlow v9 and IPFIX. */
final class TemplateReader {
    private static final int FIRST_DATA_SET = 256;
    private static final int ENTERPRISE_BIT = 0x8000;

    /** Takes what a set of templates says. */
    interface Listener {
        void announced(Template template);

        /** The template, or all of the kind where the identifier is that of the set, are withdrawn. */
        void withdrawn(int id, boolean options);
    }

    private final DecoderLimits limits;
    private final DecoderStatistics statistics;

    TemplateReader(DecoderLimits limits, DecoderStatistics statistics) {
        this.limits = limits;
        this.statistics = statistics;
    }

    /**
     * Reads a whole set.
     *
     * @param set the set's content between position and limit
     */
    void read(ByteBuffer set, boolean ipfix, boolean options, Listener listener) {
        while (set.remaining() >= 4) {
            int id = set.getShort() & 0xffff;
            int count = set.getShort() & 0xffff;
            if (id == 0 && count == 0) {
                return;
            }
            if (ipfix && count == 0) {
                listener.withdrawn(id, options);
                continue;
            }
            int fields = options && !ipfix
                    ? classicOptionFields(set, count)
                    : ipfix && options ? skipScope(set, count) : count;
            if (fields < 0 || !readFields(set, ipfix, options, id, fields, listener)) {
                statistics.countDrop(DropReason.MALFORMED_TEMPLATE, 1);
                return;
            }
        }
    }

    /** Number of fields of a v9 options template, whose header gives the bytes of scope and option fields instead. */
    private static int classicOptionFields(ByteBuffer set, int scopeBytes) {
        if (set.remaining() < 2) {
            return -1;
        }
        int optionBytes = set.getShort() & 0xffff;
        return scopeBytes % 4 == 0 && optionBytes % 4 == 0 ? (scopeBytes + optionBytes) / 4 : -1;
    }

    private static int skipScope(ByteBuffer set, int count) {
        if (set.remaining() < 2) {
            return -1;
        }
        int scope = set.getShort() & 0xffff;
        return scope <= count ? count : -1;
    }

    private boolean readFields(ByteBuffer set, boolean ipfix, boolean options, int id, int count, Listener listener) {
        if (set.remaining() < 4L * count) {
            return false;
        }
        boolean keep = count <= limits.fieldsPerTemplate();
        List<Template.Field> fields = new ArrayList<>(keep ? count : 0);
        long length = 0;
        for (int i = 0; i < count; i++) {
            if (set.remaining() < 4) {
                return false;
            }
            int element = set.getShort() & 0xffff;
            int bytes = set.getShort() & 0xffff;
            int enterprise = 0;
            if (ipfix && (element & ENTERPRISE_BIT) != 0) {
                if (set.remaining() < 4) {
                    return false;
                }
                enterprise = set.getInt();
                element &= ~ENTERPRISE_BIT;
            }
            length += ipfix && bytes == Template.VARIABLE ? 1 : bytes;
            if (keep) {
                fields.add(new Template.Field(enterprise, element, bytes));
            }
        }
        if (id < FIRST_DATA_SET || count == 0 || length > 0xffff) {
            statistics.countDrop(DropReason.MALFORMED_TEMPLATE, 1);
        } else if (!keep) {
            statistics.countDrop(DropReason.OVERSIZED_TEMPLATE, 1);
        } else {
            statistics.countTemplate();
            listener.announced(Template.of(id, options, fields, ipfix));
        }
        return true;
    }
}
