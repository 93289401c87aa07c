package io.millrace.simulators.speech;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A line of a manifest as NeMo has them: one utterance, a file or a part of one.
 *
 * @param path audio file, relative to the manifest
 * @param text what is said, lower case
 * @param duration seconds
 * @param offset second of the file at which it begins; null for 0
 * @param speaker who says it; null if not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ManifestLine(
        @JsonProperty("audio_filepath") String path, String text, double duration, Double offset, String speaker) {}
