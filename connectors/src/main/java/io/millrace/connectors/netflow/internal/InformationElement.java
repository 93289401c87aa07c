package io.millrace.connectors.netflow.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Name and form of an information element of the IANA registry "IPFIX Entities".
 *
 * @param name registered name
 * @param form how its value is written
 */
record InformationElement(String name, Form form) {

    /** How a value is written as text. */
    enum Form {
        ADDRESS('a'),
        MAC_ADDRESS('m'),
        UNSIGNED('u'),
        FLOATING('f'),
        NTP_TIME('n'),
        TEXT('t'),
        OCTETS('x'),
        PADDING('p');

        private final char code;

        Form(char code) {
            this.code = code;
        }

        private static Form of(String code) {
            for (Form form : values()) {
                if (code.length() == 1 && code.charAt(0) == form.code) {
                    return form;
                }
            }
            throw new IllegalStateException("no form '" + code + "'");
        }
    }

    private static final Map<Integer, InformationElement> KNOWN = load();

    /** The registered element of this number, or null where the number is not known here. */
    static InformationElement of(int number) {
        return KNOWN.get(number);
    }

    private static Map<Integer, InformationElement> load() {
        Map<Integer, InformationElement> elements = new HashMap<>();
        try (InputStream in = InformationElement.class.getResourceAsStream("information-elements.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] parts = line.split(" ");
                    elements.put(Integer.valueOf(parts[0]), new InformationElement(parts[1], Form.of(parts[2])));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the table of information elements cannot be read", e);
        }
        return Map.copyOf(elements);
    }
}
