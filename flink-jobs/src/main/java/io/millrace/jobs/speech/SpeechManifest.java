package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.millrace.models.speech.dataset.Utterance;
import io.millrace.schemas.audio.Resampler;
import io.millrace.simulators.speech.Manifest;
import io.millrace.simulators.speech.ManifestLine;
import io.millrace.simulators.speech.Recordings;

/** Utterances that a manifest names, with their audio, to train or to judge by. */
public final class SpeechManifest {

    private SpeechManifest() {}

    /**
     * Reads a manifest and its audio. Words are in lower case; who is not known to speak is known by the file.
     *
     * @throws IOException if a file cannot be read or a line makes no sense; the message names it
     */
    public static List<Utterance> read(Path manifest) throws IOException {
        List<Utterance> utterances = new ArrayList<>();
        Map<Path, float[]> shared = new HashMap<>();
        for (Manifest.Entry entry : Manifest.read(manifest)) {
            float[] all = shared.get(entry.file());
            if (all == null) {
                all = recording(entry);
                // Files that are one utterance each are not used again, and would not all fit.
                if (entry.line().offset() != null) {
                    shared.put(entry.file(), all);
                }
            }
            String speaker = entry.line().speaker();
            utterances.add(Utterance.of(
                    speaker == null ? entry.file().toString() : speaker,
                    words(entry.line().text()),
                    entry.part(all, Resampler.OUTPUT_RATE),
                    places(entry)));
        }
        return utterances;
    }

    private static float[] recording(Manifest.Entry entry) throws IOException {
        try {
            return Recordings.read(entry.file());
        } catch (IOException e) {
            throw new IOException(entry.place() + ": " + e.getMessage(), e);
        }
    }

    /** Where the words are said, if the manifest tells and means the words of the text. */
    private static List<Utterance.Place> places(Manifest.Entry entry) {
        List<ManifestLine.TimedWord> timed = entry.line().words();
        if (timed == null
                || !words(entry.line().text())
                        .equals(timed.stream()
                                .map(word -> word.word().toLowerCase(Locale.ROOT))
                                .toList())) {
            return List.of();
        }
        return timed.stream()
                .map(word -> new Utterance.Place(word.start(), word.end()))
                .toList();
    }

    private static List<String> words(String text) {
        String said = text.toLowerCase(Locale.ROOT).strip();
        return said.isEmpty() ? List.of() : Arrays.asList(said.split("\\s+"));
    }
}
