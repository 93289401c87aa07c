package io.millrace.models.intrusion;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.intrusion.network.FlowInput;

/**
 * How a flow becomes the input of a network: fitted on training rows, then frozen, hashed and kept beside the weights.
 *
 * <p>Numeric inputs are, field after field (the profile's fields, then those of {@link KeyHistory} if the spec uses a
 * history): the scaled logarithm and/or the rank, and a bit that is 1 where the value is missing, for fields that were
 * missing in training. Categorical inputs are level ids, 0 for a level without one.
 *
 * <p>Immutable; threads may share it.
 */
public final class FeatureSpec {

    /** Which scalings of a numeric field are inputs. */
    public enum Scaling {
        /** The scaled logarithm. */
        LOG,
        /** The rank among the training rows. */
        RANK,
        /** Logarithm and rank. */
        BOTH,
        /**
         * The rank cut into {@value #PIECES_PER_FIELD} equal pieces, each input running from 0 to 1 over its own piece: a
         * network can then treat parts of a field's range apart, as trees do (Gorishniy et al. 2022).
         */
        PIECES;

        private static final int PIECES_PER_FIELD = 8;

        int inputs() {
            return this == PIECES ? PIECES_PER_FIELD : this == BOTH ? 2 : 1;
        }

        /** Writes the inputs of one value from a place on; returns the place after them. */
        private int write(NumericField field, double value, float[] inputs, int place) {
            int at = place;
            if (this == LOG || this == BOTH) {
                inputs[at++] = field.log(value);
            }
            if (this == RANK || this == BOTH) {
                inputs[at++] = field.rank(value);
            }
            if (this == PIECES) {
                float pieces = field.rank(value) * PIECES_PER_FIELD;
                for (int piece = 0; piece < PIECES_PER_FIELD; piece++) {
                    inputs[at++] = Math.max(0, Math.min(1, pieces - piece));
                }
            }
            return at;
        }
    }

    /**
     * Choices made before fitting.
     *
     * @param scaling scalings of each numeric field
     * @param rankPoints number of points at which ranks are fitted
     * @param history whether the flow's history is among the inputs
     * @param leastLevelRows rows that a level needs to get an id
     * @param without fields left out by name: constant on this source, or known to shift
     */
    public record Options(Scaling scaling, int rankPoints, boolean history, int leastLevelRows, List<String> without) {

        public Options {
            without = List.copyOf(without);
        }

        /** Both scalings, 256 points, history if the profile is keyed. */
        public static Options of(FlowProfile profile) {
            return new Options(Scaling.BOTH, 256, profile.keyed(), 1, List.of());
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FlowProfile profile;
    private final Options options;
    private final List<NumericField> numeric;
    private final List<CategoricalField> categorical;
    private final boolean[] used;
    private final List<Map<String, Integer>> ids = new ArrayList<>();
    private final int width;

    /** A spec from its parts, as read from its file. */
    public FeatureSpec(
            @JsonProperty("profile") FlowProfile profile,
            @JsonProperty("options") Options options,
            @JsonProperty("numeric") List<NumericField> numeric,
            @JsonProperty("categorical") List<CategoricalField> categorical) {
        this.profile = profile;
        this.options = options;
        this.numeric = List.copyOf(numeric);
        this.categorical = List.copyOf(categorical);
        this.used = new boolean[numeric.size()];
        checkFields();
        int count = 0;
        for (int i = 0; i < used.length; i++) {
            NumericField field = numeric.get(i);
            boolean constant = field.range() <= 0 && !field.sometimesMissing();
            used[i] = !constant && !options.without().contains(field.name());
            if (used[i]) {
                count += options.scaling().inputs() + (field.sometimesMissing() ? 1 : 0);
            }
        }
        this.width = count;
        for (CategoricalField field : categorical) {
            Map<String, Integer> levels = new HashMap<>();
            if (!options.without().contains(field.name())) {
                for (String level : field.levels()) {
                    levels.put(level, levels.size() + 1);
                }
            }
            ids.add(levels);
        }
    }

    /** A spec fitted before the history learned new features goes on with those it knows, which come first. */
    private void checkFields() {
        List<String> names = new ArrayList<>(profile.numericFields());
        if (options.history()) {
            names.addAll(KeyHistory.FEATURES);
        }
        int least = profile.numericFields().size() + (options.history() ? 1 : 0);
        List<String> found = numeric.stream().map(NumericField::name).toList();
        if (found.size() < least
                || found.size() > names.size()
                || !names.subList(0, found.size()).equals(found)
                || !categorical.stream().map(CategoricalField::name).toList().equals(profile.categoricalFields())) {
            throw new IllegalArgumentException("the feature spec is not one of profile " + profile.id()
                    + " of this version: train the model anew. It has the fields " + found + "; known are " + names);
        }
    }

    /**
     * Fits a spec.
     *
     * @param rows training rows
     * @param histories history features of the same rows, in the same order; ignored by a spec without history
     * @throws IllegalArgumentException if there are no rows
     */
    public static FeatureSpec fit(FlowProfile profile, Options options, List<FlowRow> rows, List<double[]> histories) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no rows to fit features on");
        }
        List<NumericField> numeric = new ArrayList<>();
        for (int f = 0; f < profile.numericFields().size(); f++) {
            int field = f;
            double[] column =
                    rows.stream().mapToDouble(row -> row.numeric()[field]).toArray();
            numeric.add(NumericField.fit(profile.numericFields().get(f), column, options.rankPoints()));
        }
        if (options.history()) {
            for (int f = 0; f < KeyHistory.FEATURES.size(); f++) {
                int field = f;
                double[] column =
                        histories.stream().mapToDouble(values -> values[field]).toArray();
                numeric.add(NumericField.fit(KeyHistory.FEATURES.get(f), column, options.rankPoints()));
            }
        }
        List<CategoricalField> categorical = new ArrayList<>();
        for (int f = 0; f < profile.categoricalFields().size(); f++) {
            int field = f;
            List<String> column =
                    rows.stream().map(row -> row.categorical()[field]).toList();
            categorical.add(CategoricalField.fit(profile.categoricalFields().get(f), column, options.leastLevelRows()));
        }
        return new FeatureSpec(profile, options, numeric, categorical);
    }

    /**
     * Encodes a flow.
     *
     * @param row the flow
     * @param history what {@link KeyHistory#observe} gave for it; ignored by a spec without history
     */
    public FlowInput encode(FlowRow row, double[] history) {
        float[] values = new float[width];
        int own = row.numeric().length;
        int at = 0;
        for (int f = 0; f < used.length; f++) {
            if (!used[f]) {
                continue;
            }
            NumericField field = numeric.get(f);
            double value = f < own ? row.numeric()[f] : history[f - own];
            at = options.scaling().write(field, value, values, at);
            if (field.sometimesMissing()) {
                values[at++] = NumericField.present(value) ? 0 : 1;
            }
        }
        int[] levels = new int[ids.size()];
        for (int f = 0; f < levels.length; f++) {
            levels[f] = ids.get(f).getOrDefault(row.categorical()[f], 0);
        }
        return new FlowInput(values, levels);
    }

    /**
     * Which inputs belong to one field, for augmentations that change whole fields and for naming what told most.
     *
     * @return for each used numeric field its name and the half-open range of its numeric inputs
     */
    public List<InputRange> inputRanges() {
        List<InputRange> ranges = new ArrayList<>();
        int at = 0;
        for (int f = 0; f < used.length; f++) {
            if (used[f]) {
                NumericField field = numeric.get(f);
                int size = options.scaling().inputs() + (field.sometimesMissing() ? 1 : 0);
                ranges.add(new InputRange(field.name(), at, at + size));
                at += size;
            }
        }
        return ranges;
    }

    /** Numeric inputs of one field: [from, to). */
    public record InputRange(String field, int from, int to) {}

    /** Number of numeric inputs, N. */
    @JsonIgnore
    public int numericWidth() {
        return width;
    }

    /** Number of levels of each categorical input: ids run from 0 to it, at least 1. */
    public List<Integer> levels() {
        return ids.stream().map(levels -> Math.max(1, levels.size())).toList();
    }

    @JsonProperty("profile")
    public FlowProfile profile() {
        return profile;
    }

    @JsonProperty("options")
    public Options options() {
        return options;
    }

    /** Fitted numeric fields: those of the profile, then those of the history. */
    @JsonProperty("numeric")
    public List<NumericField> numeric() {
        return numeric;
    }

    /** Fitted categorical fields. */
    @JsonProperty("categorical")
    public List<CategoricalField> categorical() {
        return categorical;
    }

    /** The spec as JSON, always the same text for the same spec. */
    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SHA-256 of {@link #toJson()}, 64 hexadecimal digits. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(toJson()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    /** Reads what {@link #toJson()} wrote. */
    public static FeatureSpec fromJson(byte[] json) throws IOException {
        return JSON.readValue(json, FeatureSpec.class);
    }

    /** Writes the spec to a file. */
    public void write(Path file) throws IOException {
        Files.write(file, toJson());
    }
}
