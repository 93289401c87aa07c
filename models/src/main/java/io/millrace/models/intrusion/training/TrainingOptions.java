package io.millrace.models.intrusion.training;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.KeyHistory;

/**
 * Everything that a training run may choose. {@link #of} gives the choices that the figures of this repository were made
 * with; a configuration file changes single ones.
 */
@SuppressWarnings("checkstyle:VisibilityModifier")
public final class TrainingOptions {

    /** Scalings of numeric fields. */
    @JsonProperty
    public FeatureSpec.Scaling scaling = FeatureSpec.Scaling.BOTH;

    /** Points at which ranks are fitted. */
    @JsonProperty
    public int rankPoints = 256;

    /** Whether the history of a flow's key is an input. */
    @JsonProperty
    public boolean history = true;

    /** Fields left out. */
    @JsonProperty
    public List<String> without = List.of();

    /** Width of the network, d. */
    @JsonProperty
    public int width = 64;

    /** Attention layers. */
    @JsonProperty
    public int layers = 2;

    /** Attention heads. */
    @JsonProperty
    public int heads = 4;

    /** Size of a head. */
    @JsonProperty
    public int headDim = 16;

    /** Hidden size of the feed-forward part. */
    @JsonProperty
    public int feedForward = 128;

    /** Width of the classifier's hidden layer. */
    @JsonProperty
    public int mlpWidth = 64;

    /** Width of a categorical field's embedding. */
    @JsonProperty
    public int embeddingDim = 8;

    /** Flows that a flow attends to, itself included. */
    @JsonProperty
    public int window = 16;

    /** Dropout inside the network, 0 to 1. */
    @JsonProperty
    public float dropout = 0.1f;

    /** Share of fields hidden from the network in each training flow, 0 to 1. */
    @JsonProperty
    public float fieldMask = 0.2f;

    /** Trees of the forest whose judgement the network learns beside the labels; 0 for labels alone. */
    @JsonProperty
    public int teacherTrees;

    /** Share of teacher rows that mix the fields of two training rows, 0 to 1. */
    @JsonProperty
    public float mixedShare = 0.5f;

    /** Weight of the loss over attack kinds. */
    @JsonProperty
    public float kindWeight = 0.2f;

    /** Weight of an attack in the loss, that of a benign flow being 1; 0 to weigh both classes alike. */
    @JsonProperty
    public float attackWeight = 1;

    /** Most epochs. */
    @JsonProperty
    public int epochs = 12;

    /** Epochs without a better validation after which training stops. */
    @JsonProperty
    public int patience = 4;

    /** Flows in a batch (sequences hold many). */
    @JsonProperty
    public int batch = 512;

    /** Flows of one training sequence. */
    @JsonProperty
    public int sequence = 64;

    /** Highest learning rate, after the warm-up and before the cosine descent. */
    @JsonProperty
    public float learningRate = 2e-3f;

    /** Decoupled weight decay. */
    @JsonProperty
    public float weightDecay = 1e-2f;

    /** Share of rows kept for validation, calibration and threshold. */
    @JsonProperty
    public double validationShare = 0.1;

    /**
     * Flows of a key after which, on average, a second copy of its training flows starts anew without history, so that
     * the network learns hosts that it meets for the first time; 0 for no such copy.
     */
    @JsonProperty
    public int restartEvery;

    /** Share of benign validation flows that may be flagged; null to choose it by {@link #noveltyFolds}. */
    @JsonProperty
    public Double falseAlarmRate = 0.02;

    /** Folds of attack kinds that are held out in turn to choose the false-alarm rate where none is stated. */
    @JsonProperty
    public int noveltyFolds = 3;

    /** Share of attacks expected in service; 0 for that of the validation rows. */
    @JsonProperty
    public double prior;

    /** Seed of everything random. */
    @JsonProperty
    public long seed = 1;

    /** The documented choices for a profile. */
    public static TrainingOptions of(FlowProfile profile) {
        TrainingOptions options = new TrainingOptions();
        options.history = profile.keyed();
        switch (profile) {
            case NSL_KDD -> {
                options.window = 1;
                options.scaling = FeatureSpec.Scaling.PIECES;
                options.teacherTrees = 100;
                options.fieldMask = 0;
                options.dropout = 0;
                options.epochs = 30;
                options.patience = 30;
                options.falseAlarmRate = null;
            }
            case UNSW -> {
                options.validationShare = 0.2;
                options.restartEvery = 32;
                options.without = KeyHistory.AMOUNTS_AND_CONTACTS;
                options.batch = 1024;
                options.epochs = 30;
                options.patience = 10;
                options.falseAlarmRate = 0.02;
            }
            case ZEEK -> {
                options.validationShare = 0.2;
                options.epochs = 20;
                options.batch = 1024;
                options.falseAlarmRate = 0.005;
            }
            default -> {
                options.validationShare = 0.2;
                options.batch = 2048;
                options.falseAlarmRate = 0.002;
            }
        }
        return options;
    }
}
