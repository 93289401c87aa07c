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
            Counts fields = options ? optionCounts(set, count, ipfix) : new Counts(count, 0);
            if (fields == null || !readFields(set, ipfix, options, id, fields, listener)) {
                statistics.countDrop(DropReason.MALFORMED_TEMPLATE, 1);
                return;
            }
        }
    }

    /** Number of all fields of a template and of those, the first ones, that are its scope. */
    private record Counts(int fields, int scopes) {}

    /** What the header of an options template counts: fields in IPFIX, bytes of scope and option fields in v9. */
    private static Counts optionCounts(ByteBuffer set, int first, boolean ipfix) {
        if (set.remaining() < 2) {
            return null;
        }
        int second = set.getShort() & 0xffff;
        if (ipfix) {
            return second <= first ? new Counts(first, second) : null;
        }
        return first % 4 == 0 && second % 4 == 0 ? new Counts((first + second) / 4, first / 4) : null;
    }

    private boolean readFields(
            ByteBuffer set, boolean ipfix, boolean options, int id, Counts counts, Listener listener) {
        int count = counts.fields();
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
            boolean scope = i < counts.scopes();
            Template.Field field =
                    new Template.Field(enterprise, scope && !ipfix ? Scope.ofClassic(element) : element, bytes, scope);
            length += field.minimum();
            if (keep) {
                fields.add(field);
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
