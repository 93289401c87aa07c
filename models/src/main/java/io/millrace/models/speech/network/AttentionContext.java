package io.millrace.models.speech.network;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How far a frame of the encoder sees, in frames after sub-sampling (style {@code chunked_limited}): frames come in
 * chunks of {@code right + 1}; a frame sees its whole chunk and {@code left / (right + 1)} chunks before it. Noroozi et
 * al. (arXiv 2312.17279), section 3.2.
 *
 * @param left frames seen of the past, a multiple of {@code right + 1}
 * @param right look-ahead: the most frames seen of the future
 */
public record AttentionContext(
        @JsonProperty(required = true) int left,
        @JsonProperty(required = true) int right) {

    public AttentionContext {
        if (left < 0 || right < 0 || left % (right + 1) != 0) {
            throw new IllegalArgumentException("an attention context needs a left side that is a multiple of "
                    + "look-ahead + 1, got [" + left + "," + right + "]");
        }
    }

    /** Frames of a chunk. */
    public int chunk() {
        return right + 1;
    }
}
