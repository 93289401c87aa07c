package io.millrace.operators.inference.internal;

import java.time.Duration;

/**
 * How orders are carried out.
 *
 * @param attempts how often a model is loaded before its order is given up
 * @param pause between attempts
 * @param trialTime how long a new generation may be withdrawn for not working at all
 * @param atCheckpoints whether there are checkpoints: orders are then recorded before they are tried, and carried out at one
 */
public record RolloutPolicy(int attempts, Duration pause, Duration trialTime, boolean atCheckpoints) {}
