package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a folder has of the Free Spoken Digit Dataset (Jackson et al., CC BY-SA 4.0): one FLAC file a speaker, and {@code
 * index.csv}, which tells where in it each take of a digit lies.
 */
public final class DigitIndex {
    private static final String HEADER = "speaker,digit,take,offset_samples,num_samples,split";

    private final Path folder;
    private final List<Take> takes;

    /**
     * One digit, said once.
     *
     * @param speaker who says it
     * @param digit 0 to 9
     * @param take how many times the speaker has said it before
     * @param offset where it begins in the speaker's recording, samples of 8 kHz
     * @param length samples of 8 kHz, at least 1
     * @param split train or test; takes 0 to 4 are the test split
     */
    public record Take(String speaker, int digit, int take, int offset, int length, String split) {
        public Take {
            if (speaker.isEmpty() || digit < 0 || digit > 9 || take < 0 || offset < 0 || length < 1) {
                throw new IllegalArgumentException("out of range");
            }
        }

        /** The digit in letters. */
        public String word() {
            return CommandGrammar.DIGITS.get(digit);
        }
    }

    private DigitIndex(Path folder, List<Take> takes) {
        this.folder = folder;
        this.takes = List.copyOf(takes);
    }

    /**
     * Reads the index of a folder.
     *
     * @throws IOException if it cannot be read, names no take, or a line of it makes no sense; the message names it
     */
    public static DigitIndex read(Path folder) throws IOException {
        Path index = folder.resolve("index.csv");
        if (!Files.isReadable(index)) {
            throw new IOException(folder + " has no index.csv that can be read");
        }
        List<String> lines = Files.readAllLines(index);
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new IOException(index + " must begin with the line " + HEADER);
        }
        List<Take> takes = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            try {
                takes.add(take(lines.get(i).split(",", -1)));
            } catch (IllegalArgumentException e) {
                throw new IOException(index + " line " + (i + 1) + " is not " + HEADER + ": " + lines.get(i), e);
            }
        }
        if (takes.isEmpty()) {
            throw new IOException(index + " names no take");
        }
        return new DigitIndex(folder, takes);
    }

    private static Take take(String[] fields) {
        if (fields.length != 6) {
            throw new IllegalArgumentException(fields.length + " fields");
        }
        return new Take(
                fields[0],
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                Integer.parseInt(fields[4]),
                fields[5]);
    }

    /** Every take, in the order of the index. */
    public List<Take> takes() {
        return takes;
    }

    /** The file with all that a speaker says. */
    public Path file(String speaker) {
        return folder.resolve(speaker + ".flac");
    }

    /**
     * All that a speaker says, at the file's rate.
     *
     * @throws IOException if the file cannot be read, or ends before the speaker's last take; the message names it
     */
    public Recordings.Recording recording(String speaker) throws IOException {
        Recordings.Recording recording = Recordings.original(file(speaker));
        for (Take take : takes) {
            if (take.speaker().equals(speaker) && (long) take.offset() + take.length() > recording.samples().length) {
                throw new IOException(file(speaker) + " does not fit index.csv: take " + take.take() + " of "
                        + take.word() + " lies beyond its " + recording.samples().length + " samples");
            }
        }
        return recording;
    }
}
