package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.KeyHistory;
import io.millrace.models.intrusion.network.FlowInput;

/**
 * Flows in the order of each key: rows of one key form a sequence, a row without a key is a sequence of its own.
 *
 * <p>Rows come in the order in which a job would see them (by event time; rows of equal time in file order).
 */
public final class FlowSequences {

    private final List<FlowRow> rows;
    private final List<double[]> histories;
    private final List<int[]> sequences;

    private FlowSequences(List<FlowRow> rows, List<double[]> histories, List<int[]> sequences) {
        this.rows = rows;
        this.histories = histories;
        this.sequences = sequences;
    }

    /** Sorts rows by event time (stable) and gives each its history. Rows without a context keep their order. */
    public static FlowSequences of(List<FlowRow> unordered) {
        return of(unordered, new HashMap<>());
    }

    /**
     * As {@link #of(List)}, going on from histories of earlier flows.
     *
     * @param histories history by key, changed to stand after the last flow
     */
    public static FlowSequences of(List<FlowRow> unordered, Map<String, KeyHistory> histories) {
        List<FlowRow> rows = new ArrayList<>(unordered);
        if (rows.stream().allMatch(row -> row.context() != null)) {
            rows.sort((a, b) ->
                    Double.compare(a.context().endMillis(), b.context().endMillis()));
        }
        List<double[]> features = new ArrayList<>(rows.size());
        Map<String, List<Integer>> byKey = new LinkedHashMap<>();
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            FlowRow row = rows.get(i);
            if (row.context() == null) {
                features.add(KeyHistory.unknown());
                sequences.add(new int[] {i});
            } else {
                String key = row.context().key();
                features.add(histories
                        .computeIfAbsent(key, absent -> new KeyHistory())
                        .observe(row.context()));
                byKey.computeIfAbsent(key, absent -> new ArrayList<>()).add(i);
            }
        }
        byKey.values()
                .forEach(indices -> sequences.add(
                        indices.stream().mapToInt(Integer::intValue).toArray()));
        return new FlowSequences(rows, features, sequences);
    }

    /**
     * These flows, and behind them a second copy of some, cut into sequences that each begin as if the key had not been
     * seen before: without history, and with nothing to attend to. Rows without a context are not copied.
     *
     * @param chosen which rows are copied
     * @param every flows of a key between two beginnings, on average
     * @param random says where
     */
    FlowSequences withRestarts(boolean[] chosen, int every, Random random) {
        List<FlowRow> allRows = new ArrayList<>(rows);
        List<double[]> allHistories = new ArrayList<>(histories);
        List<int[]> allSequences = new ArrayList<>(sequences);
        for (int[] sequence : sequences) {
            int[] copied = Arrays.stream(sequence)
                    .filter(row -> chosen[row] && rows.get(row).context() != null)
                    .toArray();
            int from = 0;
            while (from < copied.length) {
                int to = Math.min(copied.length, from + 1 + random.nextInt(2 * every - 1));
                KeyHistory history = new KeyHistory();
                int[] restarted = new int[to - from];
                for (int i = from; i < to; i++) {
                    FlowRow row = rows.get(copied[i]);
                    restarted[i - from] = allRows.size();
                    allRows.add(row);
                    allHistories.add(history.observe(row.context()));
                }
                allSequences.add(restarted);
                from = to;
            }
        }
        return new FlowSequences(allRows, allHistories, allSequences);
    }

    /** The rows, ordered. */
    public List<FlowRow> rows() {
        return rows;
    }

    /** History features of each row. */
    public List<double[]> histories() {
        return histories;
    }

    /** Row numbers of each sequence, in order. */
    public List<int[]> sequences() {
        return sequences;
    }

    /** Encodes every row. */
    public FlowInput[] encode(FeatureSpec spec) {
        FlowInput[] inputs = new FlowInput[rows.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = spec.encode(rows.get(i), histories.get(i));
        }
        return inputs;
    }

    /** Truth of every row. */
    public boolean[] attacks() {
        boolean[] attacks = new boolean[rows.size()];
        for (int i = 0; i < attacks.length; i++) {
            attacks[i] = rows.get(i).attack();
        }
        return attacks;
    }
}
