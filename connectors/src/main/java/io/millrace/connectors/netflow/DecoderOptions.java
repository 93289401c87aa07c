package io.millrace.connectors.netflow;

import java.time.Duration;

/**
 * How a decoder works.
 *
 * @param limits bounds of its memory
 * @param maxAhead how far a flow that was received may end after its receipt; one that ends later is taken at the time of
 *     its receipt, see {@link NetFlowDecoder#AHEAD}
 * @param sampling what is done about sampled flows
 */
public record DecoderOptions(DecoderLimits limits, Duration maxAhead, SamplingPolicy sampling) {
    /** Five minutes, as the job that judges flows has it. */
    public static final Duration USUAL_MAX_AHEAD = Duration.ofMinutes(5);

    public DecoderOptions {
        if (maxAhead.isNegative()) {
            throw new IllegalArgumentException("the time that a flow may be ahead must not be negative");
        }
    }

    /** Usual options within these limits. */
    public static DecoderOptions within(DecoderLimits limits) {
        return new DecoderOptions(limits, USUAL_MAX_AHEAD, SamplingPolicy.AS_ANNOUNCED);
    }
}
