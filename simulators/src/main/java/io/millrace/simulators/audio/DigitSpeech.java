package io.millrace.simulators.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.Recordings;

/**
 * Strings of digits, each spoken by one speaker of the Free Spoken Digit Dataset, with short rests between them. The folder
 * has one FLAC file a speaker and {@code index.csv}: speaker, digit, take, offset and length in samples, split. A
 * speaker's recording is read when first used, and kept.
 */
public final class DigitSpeech implements SpeechSource {
    private static final String HEADER = "speaker,digit,take,offset_samples,num_samples,split";
    private static final String[] WORDS = {
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"
    };
    private static final int FEWEST_DIGITS = 2;
    private static final int MOST_DIGITS = 7;

    private final Path folder;
    private final List<String> names;
    private final Map<String, List<List<Take>>> takes;
    private final Map<String, Recordings.Recording> recordings = new LinkedHashMap<>();

    private record Take(long offset, long length) {}

    private DigitSpeech(Path folder, Map<String, List<List<Take>>> takes) {
        this.folder = folder;
        this.takes = takes;
        names = List.copyOf(takes.keySet());
    }

    /**
     * Reads the index.
     *
     * @param split split to take clips of, as the index names it; null for all
     * @throws IOException if the index cannot be read, a line of it is none, or a speaker has no take of some digit
     */
    public static DigitSpeech read(Path folder, String split) throws IOException {
        Path index = folder.resolve("index.csv");
        if (!Files.isReadable(index)) {
            throw new IOException(folder + " has no index.csv that can be read");
        }
        List<String> lines = Files.readAllLines(index);
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new IOException("index.csv must begin with the line " + HEADER);
        }
        Map<String, List<List<Take>>> takes = new LinkedHashMap<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] fields = lines.get(i).split(",");
            try {
                if (split == null || fields[5].equals(split)) {
                    List<List<Take>> digits = takes.computeIfAbsent(fields[0], speaker -> noTakes());
                    digits.get(Integer.parseInt(fields[1]))
                            .add(new Take(Long.parseLong(fields[3]), Long.parseLong(fields[4])));
                }
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new IOException("index.csv, line " + (i + 1) + " is not " + HEADER, e);
            }
        }
        if (takes.isEmpty()
                || takes.values().stream().anyMatch(digits -> digits.stream().anyMatch(List::isEmpty))) {
            throw new IOException("index.csv lacks takes of some digit" + (split == null ? "" : " in split " + split));
        }
        return new DigitSpeech(folder, takes);
    }

    private static List<List<Take>> noTakes() {
        List<List<Take>> digits = new ArrayList<>();
        for (int digit = 0; digit < WORDS.length; digit++) {
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
            int digit = random.below(WORDS.length);
            List<Take> all = takes.get(name).get(digit);
            Take take = all.get(random.below(all.size()));
            if (i > 0) {
                assembly.rest((int) (random.uniform(0.04, 0.2) * rate));
            }
            try {
                assembly.word(WORDS[digit], recording.part(take.offset(), take.length()));
            } catch (IllegalArgumentException e) {
                throw new IOException(name + ".flac does not fit index.csv: " + e.getMessage(), e);
            }
        }
        return assembly.clip("fsdd " + name);
    }

    private synchronized Recordings.Recording recording(String name) throws IOException {
        Recordings.Recording recording = recordings.get(name);
        if (recording == null) {
            recording = Recordings.original(folder.resolve(name + ".flac"));
            recordings.put(name, recording);
        }
        return recording;
    }
}
