package io.millrace.connectors.netflow.internal;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an option holds for: flows whose fields have these values, or every flow if there are none. Elements are those of
 * the IANA registry; NetFlow v9 has numbers of its own for scopes (RFC 3954, 6.1), which become {@link #INTERFACE},
 * {@code lineCardId} and {@code templateId}.
 *
 * @param parts the values by element, in the order of the elements
 */
record Scope(Map<Integer, Long> parts) {
    /** The interface of either direction, as v9 has it; no element has this number. */
    static final int INTERFACE = -1;

    /** A cache of the exporter, which no flow names. */
    private static final int CACHE = -2;

    static final int INGRESS = 10;
    static final int EGRESS = 14;
    static final int LINE_CARD = 141;
    static final int TEMPLATE = 145;
    static final int DOMAIN = 149;
    static final int SEQUENCE = 301;

    /** The selector, or the sampler, as it was called before. */
    static final int SELECTOR = 302;

    static final Scope EVERYTHING = new Scope(Map.of());

    Scope {
        parts = new TreeMap<>(parts);
    }

    /** The elements that it asks for. */
    List<Integer> elements() {
        return List.copyOf(parts.keySet());
    }

    /** The element whose values this one's are to be compared with. */
    static int canonical(int element) {
        return element == 48 ? SELECTOR : element;
    }

    /** Whether a scope of this element is the whole exporting process: system, process, exporter. */
    static boolean isEverything(int element) {
        return element == 0 || element == 130 || element == 131 || element == 143 || element == 144;
    }

    /** Element of a scope of NetFlow v9: 1 system, 2 interface, 3 line card, 4 cache, 5 template. */
    static int ofClassic(int type) {
        return switch (type) {
            case 1 -> 0;
            case 2 -> INTERFACE;
            case 3 -> LINE_CARD;
            case 5 -> TEMPLATE;
            case 4 -> CACHE;
            default -> type;
        };
    }
}
