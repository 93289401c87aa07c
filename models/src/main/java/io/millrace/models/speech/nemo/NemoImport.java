package io.millrace.models.speech.nemo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.models.card.ModelCard;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.frontend.MelFilterbank;
import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;

/** Makes a speech model of a NeMo checkpoint of a hybrid cache-aware FastConformer. */
public final class NemoImport {

    private static final int FFT = 512;
    private static final int WINDOW = 400;

    private NemoImport() {}

    /**
     * What was found in a checkpoint.
     *
     * @param model name and version of the model written
     * @param target class that NeMo trained
     * @param parameters weights of the network
     * @param tokens tokens, without the blank
     * @param lookAheads look-aheads in encoder frames that the network serves
     * @param unexpected tensors that the network has no use for
     */
    public record Report(
            @JsonProperty("model") String model,
            @JsonProperty("target") String target,
            @JsonProperty("parameters") long parameters,
            @JsonProperty("tokens") int tokens,
            @JsonProperty("look_aheads") List<Integer> lookAheads,
            @JsonProperty("unexpected") Set<String> unexpected) {}

    /**
     * Reads a checkpoint and writes a model folder.
     *
     * @param name name of the model
     * @throws IOException if a file cannot be read or written
     * @throws IllegalArgumentException if the checkpoint is damaged, of another kind of network, or lacks weights; the
     *     message lists all that are missing or of another shape
     */
    public static Report run(Path checkpoint, Path out, String name) throws IOException {
        NemoArchive archive = NemoArchive.read(checkpoint);
        Tokens tokens = tokens(archive);
        FastConformerConfig config;
        try {
            NemoSettings.check(archive.config());
            config = NemoNetwork.network(archive.config(), tokens.size());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(checkpoint.getFileName() + ": " + e.getMessage(), e);
        }
        Map<String, HostTensor> weights = new TreeMap<>(archive.weights());
        Set<String> unexpected;
        try {
            unexpected = FastConformerWeights.check(config, weights);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(checkpoint.getFileName() + ": " + e.getMessage(), e);
        }
        weights.keySet().removeAll(unexpected);
        checkFrontEnd(checkpoint, config, archive.weights());
        unexpected.removeIf(id -> id.startsWith("preprocessor.featurizer."));
        ModelCard card = SpeechModel.write(
                out,
                name,
                new ModelCard.Training(
                        "millrace import speech",
                        0,
                        new ModelCard.Data(
                                "imported from " + checkpoint.getFileName(), "that of the checkpoint", List.of()),
                        null,
                        null),
                config,
                tokens,
                weights);
        return new Report(
                card.id().toString(),
                archive.config().path("target").asText("unknown"),
                config.parameterCount(),
                tokens.size(),
                config.contexts().stream().map(context -> context.right()).toList(),
                unexpected);
    }

    /** The filters and the window that a checkpoint was trained with must be those that are used here. */
    private static void checkFrontEnd(Path checkpoint, FastConformerConfig config, Map<String, HostTensor> weights) {
        HostTensor bank = weights.get("preprocessor.featurizer.fb");
        if (bank != null) {
            float[][] ours = MelFilterbank.slaney(config.features(), MelFrontEnd.SAMPLE_RATE, FFT)
                    .matrix();
            float[] theirs = bank.floats();
            int bins = FFT / 2 + 1;
            boolean same = theirs.length == ours.length * bins;
            for (int band = 0; same && band < ours.length; band++) {
                for (int bin = 0; same && bin < bins; bin++) {
                    same = Math.abs(ours[band][bin] - theirs[band * bins + bin]) < 1e-4;
                }
            }
            require(same, checkpoint, "preprocessor.featurizer.fb holds other mel filters than are used here");
        }
        HostTensor window = weights.get("preprocessor.featurizer.window");
        if (window != null) {
            float[] theirs = window.floats();
            boolean same = theirs.length == WINDOW;
            for (int i = 0; same && i < WINDOW; i++) {
                double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (WINDOW - 1));
                same = Math.abs(theirs[i] - hann) < 1e-4;
            }
            require(same, checkpoint, "preprocessor.featurizer.window holds another window than is used here");
        }
    }

    private static void require(boolean holds, Path checkpoint, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(checkpoint.getFileName() + ": " + otherwise);
        }
    }

    private static Tokens tokens(NemoArchive archive) {
        Optional<SentencePieceModel> pieces = archive.tokenizer();
        List<String> tokens = new ArrayList<>();
        if (pieces.isPresent()) {
            for (int id = 0; id < pieces.get().size(); id++) {
                tokens.add(pieces.get().piece(id));
            }
            return new Tokens(Tokens.Kind.WORD_PIECES, tokens);
        }
        JsonNode labels = archive.config().path("joint").path("vocabulary");
        if (!labels.isArray() || labels.isEmpty()) {
            labels = archive.config().path("labels");
        }
        if (!labels.isArray() || labels.isEmpty()) {
            throw new IllegalArgumentException("the configuration has neither a tokenizer nor labels");
        }
        labels.forEach(label -> tokens.add(label.asText()));
        return new Tokens(Tokens.Kind.CHARACTERS, tokens);
    }
}
