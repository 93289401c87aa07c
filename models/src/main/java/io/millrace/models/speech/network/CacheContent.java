package io.millrace.models.speech.network;

/** What attention keeps of frames that have gone by. */
public enum CacheContent {
    /** Keys and values: nothing is computed twice. */
    PROJECTIONS,
    /** The normalised inputs, half the size, projected anew for every chunk: what NeMo keeps. */
    INPUTS
}
