package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** The values of one flow's fields that the scope of an option may ask for. */
final class ScopeValues {
    private static final int ENGINE = 39;
    private static final int DIRECTION = 61;
    private static final int OUTWARD = 1;

    private final Map<Integer, Long> values = new HashMap<>();

    void reset() {
        values.clear();
    }

    /** Remembers the field if a scope may ask for it. */
    void note(int element, ByteBuffer bytes, int offset, int length) {
        switch (element) {
            case 10, 14, 39, 48, 61, 141, 142, 234, 235, 252, 253, 301, 302 -> {
                if (length <= 8) {
                    values.putIfAbsent(Scope.canonical(element), FieldText.unsigned(bytes, offset, length));
                }
            }
            default -> {}
        }
    }

    /** Sets what no field tells: the template, and the line card where it is part of a v9 source identifier. */
    void complete(int template, boolean classic, long domain) {
        values.put(Scope.TEMPLATE, (long) template);
        values.put(Scope.DOMAIN, domain);
        Long engine = values.get(ENGINE);
        values.putIfAbsent(Scope.LINE_CARD, engine != null ? engine : classic ? (Long) (domain & 0xff) : null);
        Long direction = values.get(DIRECTION);
        boolean outward = direction != null && direction == OUTWARD;
        values.put(Scope.INTERFACE, values.get(outward ? Scope.EGRESS : Scope.INGRESS));
    }

    /** Value of an element, or null if the flow has none. */
    Long get(int element) {
        return values.get(element);
    }
}
