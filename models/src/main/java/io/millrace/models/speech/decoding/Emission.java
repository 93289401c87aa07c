package io.millrace.models.speech.decoding;

/**
 * A token that a decoder gave out.
 *
 * @param token the token
 * @param frame encoder frame of its stream, from 0
 */
public record Emission(int token, long frame) {}
