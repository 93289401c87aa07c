package io.millrace.models.speech.decoding;

/**
 * A word of a transcript.
 *
 * @param text the word
 * @param startSeconds where its first token was heard, in seconds from the start of the stream
 * @param endSeconds end of the frame of its last token
 * @param confidence least probability of its tokens, 0..1
 */
public record Word(String text, double startSeconds, double endSeconds, double confidence) {}
