package io.millrace.jobs.speech;

/** Forms in which finals are printed. */
enum TranscriptFormat {
    /** A line with times and text. */
    TEXT,
    /** An object a line, with words, times and confidence. */
    JSON,
    /** SubRip subtitles. */
    SRT,
    /** WebVTT subtitles. */
    VTT
}
