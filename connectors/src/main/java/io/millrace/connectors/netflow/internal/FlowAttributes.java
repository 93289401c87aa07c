package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of one record that the flow record has no place for, by their registered names. */
final class FlowAttributes {
    /** Copies of one element that are kept; a template with more of them repeats itself for no reason. */
    private static final int MAX_COPIES = 10;

    private Map<String, String> values = new LinkedHashMap<>();

    void reset() {
        values = new LinkedHashMap<>();
    }

    /**
     * Keeps a field. What comes again is kept as {@code NAME.2} and so on, in the order of the record (RFC 7011, 8: the
     * outer of two headers first).
     *
     * @param again whether the first of its kind was placed elsewhere in the flow
     */
    void add(int enterprise, int element, ByteBuffer bytes, int offset, int length, boolean again) {
        InformationElement known =
                enterprise == 0 || enterprise == Template.REVERSE ? InformationElement.of(element) : null;
        String text = FieldText.text(known, bytes, offset, length);
        if (text.isEmpty()) {
            return;
        }
        String plain = FieldText.name(enterprise, element, known);
        String name = again ? plain + ".2" : plain;
        for (int copy = again ? 3 : 2; values.containsKey(name) && copy < MAX_COPIES; copy++) {
            name = plain + "." + copy;
        }
        values.putIfAbsent(name, text);
    }

    void put(String name, String text) {
        values.put(name, text);
    }

    /** What was kept, for the flow to have. */
    Map<String, String> values() {
        return values;
    }
}
