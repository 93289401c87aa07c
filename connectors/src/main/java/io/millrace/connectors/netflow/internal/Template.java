package io.millrace.connectors.netflow.internal;

import java.util.List;

/**
 * Layout of the data records of one set, as an exporter announced it.
 *
 * @param id set identifier of the data, 256 or more
 * @param options whether the records describe the exporter rather than flows
 * @param fields fields that occupy bytes, in order
 * @param minimumLength bytes that the shortest possible record takes; 0 if all fields are empty
 * @param bidirectionalCounters whether "out" counters count the reverse direction (an exporter's habit, not a standard)
 */
record Template(int id, boolean options, List<Field> fields, int minimumLength, boolean bidirectionalCounters) {
    /**
     * Length that announces a length prefix in every record: by RFC 7011, 7 in IPFIX; exporters of NetFlow v9 that need
     * it do the same, and since no datagram holds such a field it can mean nothing else.
     */
    static final int VARIABLE = 0xffff;

    /** Enterprise number that marks an element as one of the reverse direction (RFC 5103). */
    static final int REVERSE = 29305;

    private static final int NTOP = 35632;

    /**
     * One field.
     *
     * @param enterprise private enterprise number, 0 for the IANA registry
     * @param element element number within the enterprise; for a scope of v9 the one of {@link Scope#ofClassic}
     * @param length bytes, or {@link #VARIABLE}
     * @param scope whether it says what the record of an options template holds for
     */
    record Field(int enterprise, int element, int length, boolean scope) {
        /** Bytes that the field takes at least. */
        int minimum() {
            return length == VARIABLE ? 1 : length;
        }
    }

    static Template of(int id, boolean options, List<Field> fields, boolean ipfix) {
        int minimum = 0;
        boolean bidirectional = false;
        for (Field field : fields) {
            minimum += field.minimum();
            bidirectional |= field.enterprise() == NTOP;
            bidirectional |= !ipfix && field.element() >= 57472 && field.element() < 58000;
        }
        List<Field> occupied = fields.stream().filter(f -> f.length() > 0).toList();
        return new Template(id, options, occupied, minimum, bidirectional);
    }
}
