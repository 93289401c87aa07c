package io.millrace.simulators.speech;

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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ManifestLine(
        @JsonProperty("audio_filepath") String path, String text, Double duration, Double offset, String speaker) {}
