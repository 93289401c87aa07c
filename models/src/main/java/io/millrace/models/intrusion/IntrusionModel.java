package io.millrace.models.intrusion;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.intrusion.network.CausalFlowTransformer;
import io.millrace.models.streaming.ModelId;

/**
 * A trained intrusion model: weights, features, calibration, threshold and kinds, as they stand in a directory of
 * {@code weights.safetensors}, {@code features.json} and {@code card.json}.
 *
 * <p>Immutable; threads may share it. The networks made of it are not to be shared.
 */
public final class IntrusionModel {

    /** File of the weights. */
    public static final String WEIGHTS = "weights.safetensors";

    /** File of the card. */
    public static final String CARD = "card.json";

    /** File of the feature spec. */
    public static final String FEATURES = "features.json";

    private static final String SHIPPED = "/io/millrace/models/intrusion/default/";
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final IntrusionCard card;
    private final FeatureSpec features;
    private final Map<String, HostTensor> weights;
    private final String digest;

    private IntrusionModel(byte[] card, byte[] features, byte[] weights, String origin) throws IOException {
        this.card = JSON.readValue(card, IntrusionCard.class);
        check(origin, FEATURES, features, this.card.featuresSha256());
        check(origin, WEIGHTS, weights, this.card.weightsSha256());
        this.features = FeatureSpec.fromJson(features);
        this.weights = Safetensors.parse(ByteBuffer.wrap(weights));
        this.digest = sha256(card);
    }

    /**
     * Reads a model directory.
     *
     * @throws IOException if a file is missing, cannot be read or is not the one the card was written for
     */
    public static IntrusionModel load(Path directory) throws IOException {
        for (String file : List.of(CARD, FEATURES, WEIGHTS)) {
            if (!Files.isRegularFile(directory.resolve(file))) {
                throw new IOException(directory + " is no model directory: " + file + " is missing");
            }
        }
        return new IntrusionModel(
                Files.readAllBytes(directory.resolve(CARD)),
                Files.readAllBytes(directory.resolve(FEATURES)),
                Files.readAllBytes(directory.resolve(WEIGHTS)),
                directory.toString());
    }

    /** The model that ships with Millrace, for flows of the core profile. */
    public static IntrusionModel shipped() throws IOException {
        return new IntrusionModel(resource(CARD), resource(FEATURES), resource(WEIGHTS), "the default model");
    }

    /** The model of a directory, or the shipped one. */
    public static IntrusionModel loadOrShipped(Path directory) throws IOException {
        return directory == null ? shipped() : load(directory);
    }

    private static byte[] resource(String file) throws IOException {
        try (InputStream stream = IntrusionModel.class.getResourceAsStream(SHIPPED + file)) {
            if (stream == null) {
                throw new IOException("this build carries no default model: " + file + " is missing");
            }
            return stream.readAllBytes();
        }
    }

    private static void check(String origin, String file, byte[] bytes, String expected) throws IOException {
        String found = sha256(bytes);
        if (!found.equals(expected)) {
            throw new IOException(origin + ": " + file + " is not the file that the card was written for (SHA-256 "
                    + found + ", card says " + expected + ")");
        }
    }

    /** Writes a model directory; the files of an earlier model there are replaced. */
    public static void write(Path directory, IntrusionCard card, FeatureSpec features, Map<String, HostTensor> weights)
            throws IOException {
        Files.createDirectories(directory);
        byte[] encoded = Safetensors.encode(weights);
        IntrusionCard complete = new IntrusionCard(
                card.name(),
                card.version().isEmpty() ? sha256(encoded).substring(0, 12) : card.version(),
                card.description(),
                card.profile(),
                card.network(),
                card.kinds(),
                card.calibration(),
                card.threshold(),
                card.falseAlarmRate(),
                card.typical(),
                features.sha256(),
                sha256(encoded),
                card.data(),
                card.options(),
                card.validation());
        Files.write(directory.resolve(WEIGHTS), encoded);
        features.write(directory.resolve(FEATURES));
        Files.write(directory.resolve(CARD), JSON.writeValueAsBytes(complete));
    }

    /** SHA-256 of bytes in hexadecimal digits. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    /** SHA-256 of the card, which holds the digests of all other files: it tells this model from every other. */
    public String digest() {
        return digest;
    }

    public IntrusionCard card() {
        return card;
    }

    public FeatureSpec features() {
        return features;
    }

    /** Name and version, as every detection carries them. */
    public ModelId id() {
        return new ModelId(card.name(), card.version());
    }

    /** Profile of the flows that the model judges. */
    public FlowProfile profile() {
        return FlowProfile.of(card.profile());
    }

    /** Calibrated probability of attack. */
    public double probability(double logit) {
        return card.calibration().probability(logit);
    }

    /** Probability from which a flow counts as attack. */
    public double threshold() {
        return card.threshold();
    }

    /** Names of the kinds of attack, in the order of the network's outputs. */
    public List<String> kinds() {
        return card.kinds();
    }

    /**
     * The network flow by flow, for a streaming job. It explains flows from the threshold on.
     *
     * @param device device of its steps
     */
    public CausalFlowModel streaming(Device device) {
        double probability = Math.min(Math.max(threshold(), 1e-12), 1 - 1e-12);
        float explain = (float) card.calibration().logit(probability);
        return new CausalFlowModel(id(), card.network(), weights, card.typical(), explain, device);
    }

    /** The network over whole sequences, for evaluation. */
    public CausalFlowTransformer network(NDManager manager) {
        CausalFlowTransformer network = new CausalFlowTransformer(card.network());
        network.load(manager, weights);
        return network;
    }
}
