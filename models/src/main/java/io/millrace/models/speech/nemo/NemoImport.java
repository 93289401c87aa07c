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
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;

/** Makes a speech model of a NeMo checkpoint of a hybrid cache-aware FastConformer. */
public final class NemoImport {

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
        FastConformerConfig config = NemoNetwork.network(archive.config(), tokens.size());
        Map<String, HostTensor> weights = new TreeMap<>(archive.weights());
        Set<String> unexpected;
        try {
            unexpected = FastConformerWeights.check(config, weights);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(checkpoint.getFileName() + ": " + e.getMessage(), e);
        }
        weights.keySet().removeAll(unexpected);
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
