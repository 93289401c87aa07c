package io.millrace.it.recovery;

import java.io.IOException;
import java.nio.file.Path;
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

/** A small speech model of random weights: what it says makes no sense, but is the same of the same sound. */
public final class BabbleModel {

    /** Says several words and falls silent between them. */
    private static final long SEED = 7;
    /** Without it the transducer would give as many tokens a frame as it may. */
    private static final float BLANK_BIAS = 0.3f;

    private static final Tokens WORDS = new Tokens(
            Tokens.Kind.WORDS,
            List.of("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett"));

    private BabbleModel() {}

    /** Writes the model into a folder, which is made if it is not there. */
    public static void write(Path folder) throws IOException {
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
                List.of(new AttentionContext(12, 1), new AttentionContext(12, 0), new AttentionContext(12, 3)),
                WORDS.size(),
                8,
                1,
                8,
                FastConformerConfig.JointActivation.RELU,
                0,
                0);
        Map<String, HostTensor> weights = new LinkedHashMap<>(FastConformerWeights.random(config, SEED));
        float[] bias = new float[WORDS.size() + 1];
        bias[WORDS.size()] = BLANK_BIAS;
        weights.put("joint.joint_net.2.bias", HostTensor.of(bias, bias.length));
        SpeechModel.write(
                folder, "babble", new ModelCard.Training("test", SEED, null, null, null), config, WORDS, weights);
    }
}
