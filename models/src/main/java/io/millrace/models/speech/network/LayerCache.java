package io.millrace.models.speech.network;

import ai.djl.ndarray.NDArray;

/**
 * What a conformer layer remembers of the frames before a chunk, oldest first.
 *
 * @param past what attention keeps of the last C frames: projected keys and values, [B, C, 2 d], or its normalised
 *     inputs, [B, C, d], see {@link CacheContent}
 * @param convolution inputs of the depth-wise convolution, [B, d, kernel - 1]
 */
public record LayerCache(NDArray past, NDArray convolution) {}
