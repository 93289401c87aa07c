package io.millrace.models.intrusion.training;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.millrace.models.intrusion.FlowRow;

/**
 * Which rows are kept from training: the last part of the time of each file where rows have times, else a random part.
 *
 * @param share share of rows to keep, 0 to 1
 * @param seed seed of the random choice
 */
record ValidationSplit(double share, long seed) {

    /** Whether each row of {@code flows} is kept for validation. */
    boolean[] choose(List<IntrusionTrainer.Source> sources, FlowSequences flows) {
        boolean[] chosen = new boolean[flows.rows().size()];
        if (flows.rows().stream().anyMatch(row -> row.context() == null)) {
            Random random = new Random(seed);
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = random.nextDouble() < share;
            }
            return chosen;
        }
        Map<FlowRow, Integer> numbers = new IdentityHashMap<>();
        for (int i = 0; i < chosen.length; i++) {
            numbers.put(flows.rows().get(i), i);
        }
        for (IntrusionTrainer.Source source : sources) {
            int[] inOrder = source.rows().stream().mapToInt(numbers::get).toArray();
            Arrays.sort(inOrder);
            for (int i = (int) Math.round(inOrder.length * (1 - share)); i < inOrder.length; i++) {
                chosen[inOrder[i]] = true;
            }
        }
        return chosen;
    }
}
