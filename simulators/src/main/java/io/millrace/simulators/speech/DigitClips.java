package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The Free Spoken Digit Dataset (Jackson et al., CC BY-SA 4.0) as one FLAC a speaker and {@code index.csv}, whose lines
 * are speaker, digit, take, offset and length in samples of 8 kHz, part. Takes 0 to 4 are the test part.
 */
public final class DigitClips {

    private static final List<String> WORDS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    private static final double RATE = 8000;
    private static final int SCALE = 2;
    private static final int VALID_TAKES = 8;

    private final Path folder;
    private final List<Clip> clips = new ArrayList<>();
    private final Map<String, float[]> recordings = new HashMap<>();

    /** One digit, said once; {@code offset} and {@code length} in samples of 8 kHz. */
    public record Clip(String speaker, int digit, int take, int offset, int length) {

        Voice.Part part() {
            return take < 5 ? Voice.Part.TEST : take < VALID_TAKES ? Voice.Part.VALID : Voice.Part.TRAIN;
        }
    }

    /**
     * A string of digits by one speaker.
     *
     * @param text the digits in words
     * @param samples 16 kHz, in [-1, 1]
     */
    public record Digits(String speaker, String text, float[] samples) {}

    /**
     * Reads the index.
     *
     * @throws IOException if it is not there or a line makes no sense
     */
    public DigitClips(Path folder) throws IOException {
        this.folder = folder;
        List<String> lines = Files.readAllLines(folder.resolve("index.csv"));
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",");
            try {
                clips.add(new Clip(
                        cells[0],
                        Integer.parseInt(cells[1]),
                        Integer.parseInt(cells[2]),
                        Integer.parseInt(cells[3]),
                        Integer.parseInt(cells[4])));
            } catch (RuntimeException e) {
                throw new IOException(folder.resolve("index.csv") + " line " + (i + 1) + ": " + lines.get(i), e);
            }
        }
    }

    /** Each clip of a part as a line of a manifest in {@code manifestFolder}. */
    List<ManifestLine> lines(Voice.Part part, Path manifestFolder) {
        List<ManifestLine> lines = new ArrayList<>();
        for (Clip clip : clips) {
            if (clip.part() == part) {
                Path file = folder.resolve(clip.speaker() + ".flac").toAbsolutePath();
                lines.add(new ManifestLine(
                        manifestFolder.toAbsolutePath().relativize(file).toString(),
                        WORDS.get(clip.digit()),
                        clip.length() / RATE,
                        clip.offset() / RATE,
                        clip.speaker()));
            }
        }
        return lines;
    }

    /** Speakers and their clips of a part. */
    private Map<String, List<Clip>> bySpeaker(Voice.Part part) {
        Map<String, List<Clip>> speakers = new LinkedHashMap<>();
        for (Clip clip : clips) {
            if (clip.part() == part) {
                speakers.computeIfAbsent(clip.speaker(), ignored -> new ArrayList<>())
                        .add(clip);
            }
        }
        return speakers;
    }

    /**
     * Strings of random clips of one speaker each, with pauses of up to 0.3 s between them and 0.2 to 0.5 s around.
     *
     * @param count strings of each speaker
     * @param least fewest digits
     * @param most most digits
     */
    public List<Digits> strings(Voice.Part part, int count, int least, int most, long seed) throws IOException {
        Random random = new Random(seed);
        List<Digits> strings = new ArrayList<>();
        for (Map.Entry<String, List<Clip>> speaker : bySpeaker(part).entrySet()) {
            for (int i = 0; i < count; i++) {
                List<Clip> chosen = new ArrayList<>();
                int digits = least + random.nextInt(most - least + 1);
                for (int d = 0; d < digits; d++) {
                    chosen.add(speaker.getValue()
                            .get(random.nextInt(speaker.getValue().size())));
                }
                strings.add(strung(speaker.getKey(), chosen, random));
            }
        }
        return strings;
    }

    private Digits strung(String speaker, List<Clip> chosen, Random random) throws IOException {
        float[] recording = recording(speaker);
        int[] pauses = new int[chosen.size() + 1];
        int length = 0;
        for (int i = 0; i < pauses.length; i++) {
            boolean edge = i == 0 || i == chosen.size();
            pauses[i] = (int) ((edge ? 0.2 + 0.3 * random.nextDouble() : 0.3 * random.nextDouble()) * RATE * SCALE);
            length += pauses[i] + (i < chosen.size() ? chosen.get(i).length() * SCALE : 0);
        }
        float[] samples = new float[length];
        StringBuilder text = new StringBuilder();
        int at = pauses[0];
        for (int i = 0; i < chosen.size(); i++) {
            Clip clip = chosen.get(i);
            int from = clip.offset() * SCALE;
            int size = Math.min(clip.length() * SCALE, recording.length - from);
            System.arraycopy(recording, from, samples, at, size);
            at += clip.length() * SCALE + pauses[i + 1];
            text.append(i == 0 ? "" : " ").append(WORDS.get(clip.digit()));
        }
        return new Digits(speaker, text.toString(), samples);
    }

    private float[] recording(String speaker) throws IOException {
        float[] known = recordings.get(speaker);
        if (known == null) {
            known = Recordings.read(folder.resolve(speaker + ".flac"));
            recordings.put(speaker, known);
        }
        return known;
    }
}
