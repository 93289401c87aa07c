package io.millrace.models.speech.nemo;

import java.util.List;

/** Cuts normalised text into pieces. */
interface Segmenter {

    /** The segments in order; together they are the text. A segment that is no piece is unknown. */
    List<String> segments(String text);
}
