package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Words that a woman says in Asterisk's English prompts (Allison Smith, CC BY-SA 3.0; Debian's package {@code
 * asterisk-core-sounds-en-wav}), of the recogniser's vocabulary: one file a word.
 */
public final class SwitchboardPrompts {

    private static final String SPEAKER = "asterisk:allison";

    private final Path folder;

    /** Prompts in a folder, which has a folder {@code digits}. */
    public SwitchboardPrompts(Path folder) {
        this.folder = folder;
    }

    private static Map<String, String> words() {
        Map<String, String> words = new LinkedHashMap<>();
        for (int value = 0; value < 100; value += value < 20 ? 1 : 10) {
            words.put("digits/" + value, CommandGrammar.words(value));
        }
        words.put("digits/a-m", "am");
        words.put("digits/p-m", "pm");
        words.put("digits/oclock", "o'clock");
        for (String word : List.of("for", "hello", "hours", "is", "minutes", "seconds", "time")) {
            words.put(word, word);
        }
        return words;
    }

    /**
     * Each word as a line of a manifest in {@code manifestFolder}.
     *
     * @throws IOException if a prompt is not there or cannot be read; the message names it
     */
    List<ManifestLine> lines(Path manifestFolder) throws IOException {
        Path home = folder.toRealPath();
        List<ManifestLine> lines = new ArrayList<>();
        for (Map.Entry<String, String> word : words().entrySet()) {
            Path file = home.resolve(word.getKey() + ".wav");
            if (!Files.isReadable(file)) {
                throw new IOException(file + " is not there (on Debian: apt-get install asterisk-core-sounds-en-wav)");
            }
            Recordings.Recording recording = Recordings.original(file);
            lines.add(new ManifestLine(
                    manifestFolder.toAbsolutePath().normalize().relativize(file).toString(),
                    word.getValue(),
                    recording.samples().length / (double) recording.sampleRate(),
                    null,
                    SPEAKER));
        }
        return lines;
    }
}
