package io.millrace.connectors.audio.internal;

import java.io.IOException;

import io.millrace.connectors.audio.AudioFormat;

/** One format's way from bytes to samples. May throw unchecked exceptions on wrong data; the caller turns them. */
public interface AudioSource {
    /** Codec, sample rate and channels. */
    AudioFormat format();

    /** The next block [channels][samples], in [-1, 1], never empty; null at the end. */
    float[][] next() throws IOException;
}
