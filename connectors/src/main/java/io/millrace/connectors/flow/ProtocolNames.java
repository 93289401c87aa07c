package io.millrace.connectors.flow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Numbers of the protocols of IP by their names, those of the IANA registry and others in use. Upper and lower case are the
 * same, and so is a name without its hyphens: sources write them as they like.
 */
final class ProtocolNames {
    private static final Map<String, Integer> NUMBERS = load();

    private ProtocolNames() {}

    /** Number of a protocol, or null if no protocol is called so. */
    static Integer number(String name) {
        return NUMBERS.get(plain(name));
    }

    private static String plain(String name) {
        StringBuilder letters = new StringBuilder(name.length());
        for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+') {
                letters.append(c);
            }
        }
        return letters.toString();
    }

    private static Map<String, Integer> load() {
        Map<String, Integer> numbers = new HashMap<>();
        try (InputStream in = ProtocolNames.class.getResourceAsStream("protocols.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                for (int i = 1; i < words.length && !line.startsWith("#"); i++) {
                    numbers.put(plain(words[i]), Integer.valueOf(words[0]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the table of protocols cannot be read", e);
        }
        return Map.copyOf(numbers);
    }
}
