package io.millrace.models.speech.training;

import java.util.List;

import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.ConvolutionNorm;
import io.millrace.models.speech.network.FastConformerConfig;

/** Every figure of a training; a file changes them by name. */
public final class SpeechTrainingOptions {

    /** Seed of weights, examples and dropout. */
    public long seed = 1;
    /** Updates of the weights. */
    public int steps = 8000;
    /** Utterances of an update. */
    public int batch = 12;
    /** Highest learning rate, reached after {@link #warmup} updates, falling along a cosine from there. */
    public double learningRate = 1.5e-3;

    public int warmup = 200;
    /** Decoupled weight decay of AdamW, on matrices alone. */
    public double weightDecay = 1e-3;
    /** Norm that the gradient of all weights is cut to. */
    public double clip = 1;
    /** Share of the CTC loss in the hybrid loss; the rest is the transducer's. */
    public double ctcWeight = 0.3;
    /** FastEmit's weight. */
    public double fastEmit = 5e-3;
    /**
     * Share of the updates, from the first, in which frames are told their words, in place of the CTC loss: without it a
     * network says blank and nothing else for a long time.
     */
    public double frameShare = 0.2;
    /** Weight of the transducer's loss during these updates, against its weight later. */
    public double frameTransducerWeight = 0.3;
    /** Share of the updates over which utterances may grow from the shortest to any length. */
    public double curriculumShare = 0.1;
    /** Updates between validations, each of which leaves a checkpoint. */
    public int validateEvery = 500;

    /** Utterances shorter than this, in seconds, are strung together with others of their speaker; 0 for none. */
    public double strungBelow = 1.3;
    /** Share of the examples that are strung, if any utterances are that short. */
    public double strungShare = 0.5;
    /** Most utterances of a string. */
    public int strungMost = 8;
    /** Share of the examples in which nobody speaks. */
    public double silentShare = 0.02;

    /** Longest pause within a string, and before and after an utterance, in seconds. */
    public double pause = 0.4;
    /** Most that speed changes, pitch along with it: 0.1 for 0.9 to 1.1 times. */
    public double speed = 0.12;
    /** Shares of the examples with noise, echo, a narrow band, and another tone. */
    public double noiseShare = 0.6;

    public double reverberationShare = 0.3;
    public double narrowBandShare = 0.4;
    public double toneShare = 0.4;
    /** Signal-to-noise ratio, decibels. */
    public double leastSnr = 3;

    public double mostSnr = 35;
    /** Loudness of an example's loudest part, decibels below full scale. */
    public double leastLevel = -35;

    public double mostLevel = -1;
    /** SpecAugment: bands and stretches of time hidden; the width of bands, and that of stretches as a share of all. */
    public int frequencyMasks = 2;

    public int frequencyWidth = 20;
    public int timeMasks = 5;
    public double timeShare = 0.05;

    /** Sizes of the network, as in its configuration. */
    public int layers = 4;

    public int width = 128;
    public int heads = 4;
    public int subsamplingChannels = 32;
    public int kernel = 9;
    public int predictionWidth = 96;
    public int jointWidth = 128;
    public double dropout = 0.1;
    public double headDropout = 0.1;
    /** Frames of the past that attention sees. */
    public int left = 70;
    /** Look-aheads that one network learns; an update draws one of them. */
    public List<Integer> lookAheads = List.of(0, 1, 6, 13);
    /** Chance of each of them. */
    public List<Double> lookAheadShares = List.of(0.4, 0.2, 0.25, 0.15);

    /**
     * Checks what no type can.
     *
     * @throws IllegalArgumentException naming the option
     */
    public void check() {
        require(steps > 0 && batch > 0 && validateEvery > 0, "steps, batch and validateEvery must be positive");
        require(learningRate > 0 && clip > 0, "learningRate and clip must be positive");
        require(ctcWeight >= 0 && ctcWeight <= 1, "ctcWeight is a share from 0 to 1");
        require(speed >= 0 && speed < 0.5, "speed is from 0 to below 0.5");
        require(
                lookAheads.size() == lookAheadShares.size()
                        && Math.abs(lookAheadShares.stream()
                                                .mapToDouble(Double::doubleValue)
                                                .sum()
                                        - 1)
                                < 1e-6,
                "lookAheadShares must be as many as lookAheads and add up to 1");
        require(strungMost > 0 && pause >= 0, "strungMost must be positive, pause not negative");
        require(leastSnr <= mostSnr && leastLevel <= mostLevel, "least is at most most");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The network's configuration with so many tokens. */
    public FastConformerConfig config(int vocabulary) {
        return new FastConformerConfig(
                80,
                new FastConformerConfig.FeatureScaling(8, 4),
                layers,
                width,
                heads,
                4,
                8,
                subsamplingChannels,
                kernel,
                ConvolutionNorm.LAYER_NORM,
                true,
                false,
                lookAheads.stream()
                        .map(lookAhead -> new AttentionContext(left, lookAhead))
                        .toList(),
                vocabulary,
                predictionWidth,
                1,
                jointWidth,
                FastConformerConfig.JointActivation.RELU,
                (float) dropout,
                (float) headDropout);
    }
}
