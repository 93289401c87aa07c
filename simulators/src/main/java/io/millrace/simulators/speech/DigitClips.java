package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Takes of the Free Spoken Digit Dataset as a corpus wants them: parted for training and judging, or strung together. */
public final class DigitClips {

    private static final double RATE = 8000;
    private static final int SCALE = 2;
    private static final int TEST_TAKES = 5;
    private static final int VALID_TAKES = 8;

    private final DigitIndex index;
    private final Map<String, float[]> recordings = new HashMap<>();

    /**
     * A string of digits by one speaker.
     *
     * @param text the digits in words
     * @param samples 16 kHz, in [-1, 1]
     * @param words the digits with the places of their takes
     */
    public record Digits(String speaker, String text, float[] samples, List<ManifestLine.TimedWord> words) {}

    /** Clips that {@code index} names. */
    public DigitClips(DigitIndex index) {
        this.index = index;
    }

    /** The index knows two splits; for validation, some takes are kept back from the one to train on. */
    private static Voice.Part part(DigitIndex.Take take) {
        return take.take() < TEST_TAKES
                ? Voice.Part.TEST
                : take.take() < VALID_TAKES ? Voice.Part.VALID : Voice.Part.TRAIN;
    }

    /** Each take of a part as a line of a manifest in {@code manifestFolder}. */
    List<ManifestLine> lines(Voice.Part part, Path manifestFolder) {
        List<ManifestLine> lines = new ArrayList<>();
        for (DigitIndex.Take take : index.takes()) {
            if (part(take) == part) {
                Path file = index.file(take.speaker()).toAbsolutePath();
                lines.add(new ManifestLine(
                        manifestFolder.toAbsolutePath().relativize(file).toString(),
                        take.word(),
                        take.length() / RATE,
                        take.offset() / RATE,
                        take.speaker()));
            }
        }
        return lines;
    }

    /** Speakers and their takes of a part. */
    private Map<String, List<DigitIndex.Take>> bySpeaker(Voice.Part part) {
        Map<String, List<DigitIndex.Take>> speakers = new LinkedHashMap<>();
        for (DigitIndex.Take take : index.takes()) {
            if (part(take) == part) {
                speakers.computeIfAbsent(take.speaker(), ignored -> new ArrayList<>())
                        .add(take);
            }
        }
        return speakers;
    }

    /**
     * Strings of random takes of one speaker each, with pauses of up to 0.3 s between them and 0.2 to 0.5 s around.
     *
     * @param count strings of each speaker
     * @param least fewest digits
     * @param most most digits
     */
    public List<Digits> strings(Voice.Part part, int count, int least, int most, long seed) throws IOException {
        Random random = new Random(seed);
        List<Digits> strings = new ArrayList<>();
        for (Map.Entry<String, List<DigitIndex.Take>> speaker : bySpeaker(part).entrySet()) {
            for (int i = 0; i < count; i++) {
                List<DigitIndex.Take> chosen = new ArrayList<>();
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

    private Digits strung(String speaker, List<DigitIndex.Take> chosen, Random random) throws IOException {
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
        List<ManifestLine.TimedWord> words = new ArrayList<>();
        int at = pauses[0];
        for (int i = 0; i < chosen.size(); i++) {
            DigitIndex.Take take = chosen.get(i);
            int from = take.offset() * SCALE;
            int size = Math.min(take.length() * SCALE, recording.length - from);
            System.arraycopy(recording, from, samples, at, size);
            words.add(new ManifestLine.TimedWord(take.word(), at / (RATE * SCALE), (at + size) / (RATE * SCALE)));
            at += take.length() * SCALE + pauses[i + 1];
            text.append(i == 0 ? "" : " ").append(take.word());
        }
        return new Digits(speaker, text.toString(), samples, words);
    }

    private float[] recording(String speaker) throws IOException {
        float[] known = recordings.get(speaker);
        if (known == null) {
            known = index.recording(speaker).resampled();
            recordings.put(speaker, known);
        }
        return known;
    }
}
