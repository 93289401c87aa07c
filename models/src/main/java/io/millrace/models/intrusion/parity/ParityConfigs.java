package io.millrace.models.intrusion.parity;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.models.intrusion.reference.ReferenceConfig;
import io.millrace.models.intrusion.reference.ReferenceConfig.Blocks;
import io.millrace.models.intrusion.reference.ReferenceConfig.Encoding;
import io.millrace.models.intrusion.reference.ReferenceConfig.Head;

/** Network sizes out of a parity folder's {@code config.json}. */
final class ParityConfigs {

    /** Numeric fields and levels of the nine categorical fields of NF-UNSW-NB15-v2 at 32 levels: 268 wide as one-hot. */
    private static final int DEMO_NUMERIC = 28;

    private static final List<Integer> DEMO_LEVELS = List.of(32, 32, 32, 32, 32, 32, 32, 8, 8);

    private static final Map<String, Head> HEADS = Map.of(
            "last", Head.LAST_TOKEN,
            "flatten", Head.FLATTEN,
            "gap", Head.GLOBAL_AVERAGE_POOLING,
            "cls", Head.CLS,
            "fw_dense", Head.FEATUREWISE_DENSE,
            "fw_proj", Head.FEATUREWISE_PROJECTION);

    private ParityConfigs() {}

    static ReferenceConfig model(JsonNode config, JsonNode model) {
        int numeric = config.path("n_numeric").asInt();
        List<Integer> levels = new ArrayList<>();
        config.path("levels").forEach(level -> levels.add(level.asInt()));
        List<String> names = new ArrayList<>();
        config.path("feature_names").forEach(name -> names.add(name.asText()));
        List<Integer> mlp = new ArrayList<>();
        model.path("mlp").forEach(size -> mlp.add(size.asInt()));
        Head head = HEADS.get(model.path("head").asText());
        if (head == null) {
            throw new IllegalArgumentException("config.json: unknown head " + model.path("head"));
        }
        return new ReferenceConfig(
                numeric,
                names.subList(numeric, names.size()),
                levels,
                config.path("window").asInt(),
                encoding(
                        model.path("input_encoding").asText(),
                        model.path("projection").asBoolean()),
                model.path("encoding_dim").asInt(0),
                blocks(model.path("transformer").asText()),
                model.path("n_layers").asInt(),
                model.path("internal_size").asInt(),
                model.path("n_heads").asInt(),
                model.path("use_conv").asBoolean(),
                head,
                mlp,
                (float) config.path("dropout").asDouble(0),
                (float) config.path("mlp_dropout").asDouble(0));
    }

    private static Encoding encoding(String name, boolean projection) {
        return switch (name) {
            case "none" -> Encoding.NONE;
            case "record" -> projection ? Encoding.RECORD_PROJECTION : Encoding.RECORD_DENSE;
            case "cat_dense" -> projection ? Encoding.FIELD_PROJECTION : Encoding.FIELD_DENSE;
            case "cat_proj" -> Encoding.FIELD_PROJECTION;
            case "cat_lookup" -> Encoding.FIELD_LOOKUP;
            default -> throw new IllegalArgumentException("config.json: unknown input_encoding " + name);
        };
    }

    private static Blocks blocks(String name) {
        return switch (name) {
            case "encoder" -> Blocks.ENCODER;
            case "decoder" -> Blocks.DECODER;
            case "gpt" -> Blocks.GPT;
            case "bert" -> Blocks.BERT;
            default -> throw new IllegalArgumentException("config.json: unknown transformer " + name);
        };
    }

    /** The paper's own sizes by the name that parameter counts are listed under; empty for a name unknown. */
    static Optional<ReferenceConfig> demo(String name) {
        return switch (name) {
            case "none_basic_encoder_last" -> Optional.of(paper(Encoding.NONE, 0, Blocks.ENCODER));
            case "record64_basic_encoder_last" -> Optional.of(paper(Encoding.RECORD_DENSE, 64, Blocks.ENCODER));
            case "none_basic_decoder_last" -> Optional.of(paper(Encoding.NONE, 0, Blocks.DECODER));
            case "record64_gpt_last" -> Optional.of(paper(Encoding.RECORD_DENSE, 64, Blocks.GPT));
            case "record64_bert_last" -> Optional.of(paper(Encoding.RECORD_DENSE, 64, Blocks.BERT));
            case "catdense16_basic_encoder_last" -> Optional.of(paper(Encoding.FIELD_DENSE, 16, Blocks.ENCODER));
            default -> Optional.empty();
        };
    }

    static ReferenceConfig paper(Encoding encoding, int dim, Blocks blocks) {
        boolean basic = blocks == Blocks.ENCODER || blocks == Blocks.DECODER;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < DEMO_LEVELS.size(); i++) {
            names.add("F" + i);
        }
        return new ReferenceConfig(
                DEMO_NUMERIC,
                names,
                DEMO_LEVELS,
                8,
                encoding,
                dim,
                blocks,
                basic ? 2 : 12,
                basic ? 128 : 768,
                basic ? 2 : 12,
                false,
                Head.LAST_TOKEN,
                Collections.singletonList(128),
                basic ? 0.1f : 0.02f,
                0.1f);
    }
}
