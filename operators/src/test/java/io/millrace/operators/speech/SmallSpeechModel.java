package io.millrace.operators.speech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.card.ModelCard;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.ConvolutionNorm;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;

/** A speech model of random weights: it babbles, but always the same of the same sound. */
final class SmallSpeechModel {

    static final Tokens WORDS = new Tokens(
            Tokens.Kind.WORDS,
            List.of("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett"));

    /** Without it the transducer would give as many tokens a frame as it may. */
    private static final float BLANK_BIAS = 0.3f;

    /** A seed whose model says several words and falls silent between them. */
    static final long TALKATIVE = 7;

    private SmallSpeechModel() {}

    static SpeechModel write(Path folder, long seed, Tokens tokens, int... lookAheads) {
        FastConformerConfig config = new FastConformerConfig(
                16,
                null,
                1,
                16,
                2,
                2,
                8,
                4,
                5,
                ConvolutionNorm.LAYER_NORM,
                true,
                true,
                Arrays.stream(lookAheads)
                        .mapToObj(right -> new AttentionContext(12, right))
                        .toList(),
                tokens.size(),
                8,
                1,
                8,
                FastConformerConfig.JointActivation.RELU,
                0,
                0);
        try {
            Map<String, HostTensor> weights = new LinkedHashMap<>(FastConformerWeights.random(config, seed));
            float[] bias = new float[tokens.size() + 1];
            bias[tokens.size()] = BLANK_BIAS;
            weights.put("joint.joint_net.2.bias", HostTensor.of(bias, bias.length));
            SpeechModel.write(
                    folder, "babble", new ModelCard.Training("test", seed, null, null, null), config, tokens, weights);
            return SpeechModel.KIND.load(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SpeechModel write(Path folder, long seed) {
        return write(folder, seed, WORDS, 1, 0, 3);
    }
}
