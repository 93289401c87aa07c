package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.Manifest;
import io.millrace.simulators.speech.Recordings;

/** The recordings that a manifest names. A recording is read when it is used. */
public final class ManifestSpeech implements SpeechSource {
    private final List<Manifest.Entry> entries;

    private ManifestSpeech(List<Manifest.Entry> entries) {
        this.entries = entries;
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if it cannot be read, has no entry, or a line is none or names a file that is not there
     */
    public static ManifestSpeech read(Path manifest) throws IOException {
        return new ManifestSpeech(Manifest.read(manifest));
    }

    /** Recordings that the manifest names. */
    public int size() {
        return entries.size();
    }

    @Override
    public Speaker speaker(SeededRandom random) {
        return each -> clip(entries.get(each.below(entries.size())));
    }

    private static Clip clip(Manifest.Entry entry) throws IOException {
        Recordings.Recording recording = Recordings.original(entry.file());
        int rate = recording.sampleRate();
        String name = entry.file().getFileName().toString();
        return new Clip(entry.line().text(), name, rate, entry.part(recording.samples(), rate), List.of());
    }
}
