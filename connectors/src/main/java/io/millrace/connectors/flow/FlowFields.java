package io.millrace.connectors.flow;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Takes the fields of one log entry out of a map, by name; what is left in the end are the flow's attributes. */
public final class FlowFields {
    private final Map<String, String> fields;

    public FlowFields(Map<String, String> fields) {
        this.fields = new HashMap<>(fields);
    }

    /** Text of a field, or null if it is absent or empty. */
    public String text(String name) {
        String value = fields.remove(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Address in its one text form. */
    public String address(String name) throws MalformedLineException {
        String value = text(name);
        if (value == null) {
            throw new MalformedLineException(name + " is missing");
        }
        try {
            return AddressText.normalise(value);
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException(name + " is no address");
        }
    }

    /** Whole number between 0 and a maximum, or null if the field is absent. */
    public Long count(String name, long maximum) throws MalformedLineException {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            long count = Long.parseLong(value);
            if (count >= 0 && count <= maximum) {
                return count;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for all that is no such number
        }
        throw new MalformedLineException(name + " is no whole number from 0 to " + maximum);
    }

    /** Number of seconds, or null if the field is absent. */
    public BigDecimal seconds(String name) throws MalformedLineException {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            if (value.length() <= 40) {
                BigDecimal seconds = new BigDecimal(value);
                if (Math.abs((long) seconds.precision() - seconds.scale()) < 15 && Math.abs(seconds.scale()) < 64) {
                    return seconds;
                }
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for all that is no such number
        }
        throw new MalformedLineException(name + " is no number of seconds");
    }

    /** IANA number of a protocol given by name or number; 0 where it is neither known nor a number. */
    public static int protocol(String name) {
        if (name == null) {
            return 0;
        }
        Integer known = ProtocolNames.number(name);
        if (known != null) {
            return known;
        }
        try {
            int number = Integer.parseInt(name);
            return number >= 0 && number <= 255 ? number : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** A count as the smaller number type, null staying null. */
    public static Integer narrow(Long count) {
        return count == null ? null : Integer.valueOf(count.intValue());
    }

    /** Whether the protocol has ports. */
    public static boolean hasPorts(int protocol) {
        return protocol == 6 || protocol == 17 || protocol == 33 || protocol == 132 || protocol == 136;
    }

    /** What nobody took, in a map of its own and in the order of the names; empty values are left out. */
    public Map<String, String> rest() {
        Map<String, String> rest = new TreeMap<>(fields);
        rest.values().removeIf(String::isEmpty);
        return rest;
    }
}
