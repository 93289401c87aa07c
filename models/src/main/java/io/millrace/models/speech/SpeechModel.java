package io.millrace.models.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import io.millrace.models.card.ModelCard;
import io.millrace.models.card.ModelFolder;
import io.millrace.models.card.ModelKind;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;

/**
 * A speech model: a {@link ModelFolder} of which {@code tokens.json} is part.
 *
 * @param card what the model is
 * @param config sizes of its network
 * @param tokens its tokens
 * @param weights its weights by name
 * @param digest SHA-256 that tells this model from every other
 */
public record SpeechModel(
        ModelCard card, FastConformerConfig config, Tokens tokens, Map<String, HostTensor> weights, String digest) {

    /** Kind of network in the card. */
    public static final String ARCHITECTURE = "fastconformer";

    private static final String TOKENS = "tokens.json";

    /** Models of this kind; the one that ships hears connected digits and spoken commands. */
    public static final ModelKind<SpeechModel> KIND =
            new ModelKind<>(SpeechModel.class, "/io/millrace/models/speech/default", SpeechModel::of);

    /**
     * Writes a model; its version is the beginning of the hash of its weights.
     *
     * @throws IllegalArgumentException if weights or tokens do not fit the sizes
     */
    public static ModelCard write(
            Path folder,
            String name,
            ModelCard.Training training,
            FastConformerConfig config,
            Tokens tokens,
            Map<String, HostTensor> weights)
            throws IOException {
        check(config, tokens, weights);
        ModelCard.Draft card = ModelCard.draft(
                name,
                "",
                "Cache-aware FastConformer with CTC and transducer heads that transcribes speech as it is heard.",
                ARCHITECTURE,
                config,
                null,
                training);
        return ModelFolder.write(folder, card, weights, Map.of(TOKENS, ModelFolder.json(tokens)));
    }

    private static SpeechModel of(ModelFolder folder) throws IOException {
        ModelCard card = folder.card(ARCHITECTURE);
        Tokens tokens = folder.json(TOKENS, Tokens.class);
        FastConformerConfig config = card.networkAs(FastConformerConfig.class);
        Map<String, HostTensor> weights = folder.weights();
        check(config, tokens, weights);
        return new SpeechModel(card, config, tokens, weights, folder.digest());
    }

    private static void check(FastConformerConfig config, Tokens tokens, Map<String, HostTensor> weights) {
        if (tokens.size() != config.vocabulary()) {
            throw new IllegalArgumentException(
                    "the network has " + config.vocabulary() + " tokens, " + tokens.size() + " are named");
        }
        FastConformerWeights.check(config, weights);
    }
}
