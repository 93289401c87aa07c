package io.millrace.simulators.speech;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A line of a {@link Manifest}: one utterance, a file or a part of one.
 *
 * @param path audio file, relative to the manifest if it is not absolute
 * @param text what is said
 * @param duration seconds; null if not given
 * @param offset second of the file at which it begins; null if it is the whole file
 * @param speaker who says it; null if not known
 * @param words its words with their times; null if not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ManifestLine(
        @JsonProperty("audio_filepath") String path,
        String text,
        Double duration,
        Double offset,
        String speaker,
        List<TimedWord> words) {

    /** Without times of words. */
    public ManifestLine(String path, String text, Double duration, Double offset, String speaker) {
        this(path, text, duration, offset, speaker, null);
    }

    /**
     * A word and where it is said.
     *
     * @param start second of the utterance at which it begins
     * @param end second at which it ends
     */
    public record TimedWord(String word, double start, double end) {}
}
