package io.millrace.models.intrusion.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.reference.FlowPreprocessing;

/**
 * The paper's pre-processing of whole flows, fitted on training rows: scaled logarithms and ids of the 32 most frequent
 * levels, values outside of the training range clamped and unseen levels 0.
 */
public final class WindowFeatures {

    private static final int MOST_LEVELS = 32;
    private static final double LIMIT = 1e9;

    /** Fields of NSL-KDD that are yes or no: the paper's set-up counts them as categorical. */
    private static final Set<String> FLAGS = Set.of("land", "logged_in", "is_host_login", "is_guest_login");

    private final List<String> numericNames = new ArrayList<>();
    private final List<Integer> numericPlaces = new ArrayList<>();
    private final List<String> categoricalNames = new ArrayList<>();
    private final List<Integer> flagPlaces = new ArrayList<>();
    private final List<FlowPreprocessing.Range> ranges = new ArrayList<>();
    private final List<List<String>> levels = new ArrayList<>();

    /** Fits the features on training rows of a profile. */
    public WindowFeatures(FlowProfile profile, List<FlowRow> rows) {
        categoricalNames.addAll(profile.categoricalFields());
        for (int i = 0; i < profile.numericFields().size(); i++) {
            String name = profile.numericFields().get(i);
            if (profile == FlowProfile.NSL_KDD && FLAGS.contains(name)) {
                categoricalNames.add(name);
                flagPlaces.add(i);
            } else {
                numericNames.add(name);
                numericPlaces.add(i);
            }
        }
        for (int place : numericPlaces) {
            ranges.add(FlowPreprocessing.Range.fit(column(rows, place), rows.size(), LIMIT));
        }
        for (int c = 0; c < categoricalNames.size(); c++) {
            levels.add(FlowPreprocessing.levels(categories(rows, c), rows.size(), MOST_LEVELS));
        }
    }

    /** Names of the numeric inputs, N of them. */
    public List<String> numericNames() {
        return numericNames;
    }

    /** Names of the categorical inputs, C of them. */
    public List<String> categoricalNames() {
        return categoricalNames;
    }

    /** Known levels of each categorical input; ids run from 0 to it. */
    public List<Integer> levelCounts() {
        return levels.stream().map(List::size).toList();
    }

    /** Encodes rows in their order. */
    public WindowedFlows encode(List<FlowRow> rows) {
        float[][] numeric = new float[rows.size()][ranges.size()];
        for (int f = 0; f < ranges.size(); f++) {
            float[] column = ranges.get(f)
                    .transform(column(rows, numericPlaces.get(f)), LIMIT, FlowPreprocessing.Unseen.CORRECTED, false);
            for (int i = 0; i < column.length; i++) {
                numeric[i][f] = column[i];
            }
        }
        long[][] ids = new long[rows.size()][levels.size()];
        for (int c = 0; c < levels.size(); c++) {
            long[] column =
                    FlowPreprocessing.ids(categories(rows, c), levels.get(c), FlowPreprocessing.Unseen.CORRECTED);
            for (int i = 0; i < column.length; i++) {
                ids[i][c] = column[i];
            }
        }
        boolean[] attacks = new boolean[rows.size()];
        for (int i = 0; i < attacks.length; i++) {
            attacks[i] = rows.get(i).attack();
        }
        return new WindowedFlows(numeric, ids, attacks);
    }

    private static double[] column(List<FlowRow> rows, int place) {
        return rows.stream().mapToDouble(row -> row.numeric()[place]).toArray();
    }

    private List<String> categories(List<FlowRow> rows, int c) {
        int own = categoricalNames.size() - flagPlaces.size();
        return rows.stream()
                .map(row ->
                        c < own ? row.categorical()[c] : Integer.toString((int) row.numeric()[flagPlaces.get(c - own)]))
                .toList();
    }
}
