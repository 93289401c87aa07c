package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.DigitIndex;
import io.millrace.simulators.speech.Recordings;

/**
 * Strings of digits, each spoken by one speaker of the Free Spoken Digit Dataset, with short rests between them. A speaker's
 * recording is read when first used, and kept.
 */
public final class DigitSpeech implements SpeechSource {
    private static final int DIGITS = 10;
    private static final int FEWEST_DIGITS = 2;
    private static final int MOST_DIGITS = 7;

    private final DigitIndex index;
    private final List<String> names;
    private final Map<String, List<List<DigitIndex.Take>>> takes;
    private final Map<String, Recordings.Recording> recordings = new LinkedHashMap<>();

    private DigitSpeech(DigitIndex index, Map<String, List<List<DigitIndex.Take>>> takes) {
        this.index = index;
        this.takes = takes;
        names = List.copyOf(takes.keySet());
    }

    /**
     * Reads the index.
     *
     * @param split split to take digits of, as the index names it; null for all
     * @throws IOException if the index cannot be read, a line of it is none, or a speaker has no take of some digit
     */
    public static DigitSpeech read(Path folder, String split) throws IOException {
        DigitIndex index = DigitIndex.read(folder);
        Map<String, List<List<DigitIndex.Take>>> takes = new LinkedHashMap<>();
        for (DigitIndex.Take take : index.takes()) {
            if (split == null || take.split().equals(split)) {
                takes.computeIfAbsent(take.speaker(), speaker -> noTakes())
                        .get(take.digit())
                        .add(take);
            }
        }
        if (takes.isEmpty()
                || takes.values().stream().anyMatch(digits -> digits.stream().anyMatch(List::isEmpty))) {
            throw new IOException(folder.resolve("index.csv") + " lacks takes of some digit"
                    + (split == null ? "" : " in split " + split));
        }
        return new DigitSpeech(index, takes);
    }

    private static List<List<DigitIndex.Take>> noTakes() {
        List<List<DigitIndex.Take>> digits = new ArrayList<>();
        for (int digit = 0; digit < DIGITS; digit++) {
            digits.add(new ArrayList<>());
        }
        return digits;
    }

    @Override
    public Speaker speaker(SeededRandom random) {
        String name = names.get(random.below(names.size()));
        return each -> digits(name, each);
    }

    private Clip digits(String name, SeededRandom random) throws IOException {
        Recordings.Recording recording = recording(name);
        int rate = recording.sampleRate();
        int count = random.between(FEWEST_DIGITS, MOST_DIGITS);
        ClipAssembly assembly = new ClipAssembly(rate);
        for (int i = 0; i < count; i++) {
            List<DigitIndex.Take> all = takes.get(name).get(random.below(DIGITS));
            DigitIndex.Take take = all.get(random.below(all.size()));
            if (i > 0) {
                assembly.rest((int) (random.uniform(0.04, 0.2) * rate));
            }
            assembly.word(take.word(), recording.part(take.offset(), take.length()));
        }
        return assembly.clip("fsdd " + name);
    }

    private synchronized Recordings.Recording recording(String name) throws IOException {
        Recordings.Recording recording = recordings.get(name);
        if (recording == null) {
            recording = index.recording(name);
            recordings.put(name, recording);
        }
        return recording;
    }
}
