package io.millrace.models.speech.decoding;

/**
 * A word of a transcript.
 *
 * @param text the word
 * @param startSeconds where it begins, as far as tokens and loudness tell, in seconds from the start of the stream
 * @param endSeconds where it ends
 * @param confidence least probability of its tokens, 0..1
 */
public record Word(String text, double startSeconds, double endSeconds, double confidence) {}
