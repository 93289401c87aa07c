package io.millrace.models.speech.decoding;

/**
 * A token that a decoder gave out.
 *
 * @param token the token
 * @param frame encoder frame of its stream, from 0
 * @param logProbability natural logarithm of its probability at that frame
 */
public record Emission(int token, long frame, float logProbability) {}
