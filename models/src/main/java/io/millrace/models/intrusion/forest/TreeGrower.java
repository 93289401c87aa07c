package io.millrace.models.intrusion.forest;

import java.util.Arrays;
import java.util.Random;

/** Grows one tree of a {@link RandomForest} with histograms of the column values. */
final class TreeGrower {

    private static final int BINS = 256;

    private final byte[][] columns;
    private final boolean[] positive;
    private final int leastLeaf;
    private final Random random;
    private final int tried;
    private final int[] order;
    private final int[] count = new int[BINS];
    private final int[] hits = new int[BINS];

    private int nodes;
    private int[] column = new int[1024];
    private int[] limit = new int[1024];
    private int[] left = new int[1024];
    private float[] share = new float[1024];

    private double bestScore;
    private int bestColumn;
    private int bestLimit;

    TreeGrower(byte[][] columns, boolean[] positive, int leastLeaf, Random random) {
        this.columns = columns;
        this.positive = positive;
        this.leastLeaf = leastLeaf;
        this.random = random;
        this.tried = Math.max(1, (int) Math.sqrt(columns.length));
        this.order = new int[columns.length];
        Arrays.setAll(order, i -> i);
    }

    /** Grows a tree on the given rows (with repetition); the array is reordered. */
    RandomForest.Tree grow(int[] rows) {
        // Open nodes: node number, first row, end; a stack, since trees may be deep.
        int[] stack = new int[3 * 64];
        int top = 0;
        stack[top++] = add();
        stack[top++] = 0;
        stack[top++] = rows.length;
        while (top > 0) {
            int end = stack[--top];
            int from = stack[--top];
            int node = stack[--top];
            int found = 0;
            for (int i = from; i < end; i++) {
                found += positive[rows[i]] ? 1 : 0;
            }
            share[node] = found / (float) (end - from);
            column[node] = -1;
            if (found == 0 || found == end - from || end - from < 2 * leastLeaf || !split(rows, from, end, found)) {
                continue;
            }
            int middle = partition(rows, from, end);
            int first = add();
            add();
            column[node] = bestColumn;
            limit[node] = bestLimit;
            left[node] = first;
            if (top + 6 > stack.length) {
                stack = Arrays.copyOf(stack, stack.length * 2);
            }
            stack[top++] = first;
            stack[top++] = from;
            stack[top++] = middle;
            stack[top++] = first + 1;
            stack[top++] = middle;
            stack[top++] = end;
        }
        return new RandomForest.Tree(
                Arrays.copyOf(column, nodes),
                Arrays.copyOf(limit, nodes),
                Arrays.copyOf(left, nodes),
                Arrays.copyOf(share, nodes));
    }

    private int add() {
        if (nodes == column.length) {
            column = Arrays.copyOf(column, nodes * 2);
            limit = Arrays.copyOf(limit, nodes * 2);
            left = Arrays.copyOf(left, nodes * 2);
            share = Arrays.copyOf(share, nodes * 2);
        }
        return nodes++;
    }

    /** Finds the best split among random columns; goes on past the usual number while none can be split. */
    private boolean split(int[] rows, int from, int end, int found) {
        bestScore = -1;
        for (int i = 0; i < order.length && (i < tried || bestScore < 0); i++) {
            int other = i + random.nextInt(order.length - i);
            int chosen = order[other];
            order[other] = order[i];
            order[i] = chosen;
            consider(chosen, rows, from, end, found);
        }
        return bestScore >= 0;
    }

    private void consider(int candidate, int[] rows, int from, int end, int found) {
        byte[] values = columns[candidate];
        int lowest = BINS;
        int highest = -1;
        for (int i = from; i < end; i++) {
            int value = values[rows[i]] & 0xFF;
            count[value]++;
            hits[value] += positive[rows[i]] ? 1 : 0;
            lowest = Math.min(lowest, value);
            highest = Math.max(highest, value);
        }
        int total = end - from;
        int below = 0;
        int foundBelow = 0;
        for (int value = lowest; value < highest; value++) {
            below += count[value];
            foundBelow += hits[value];
            int above = total - below;
            if (count[value] == 0 || below < leastLeaf || above < leastLeaf) {
                continue;
            }
            double foundAbove = found - foundBelow;
            double missedBelow = below - foundBelow;
            double missedAbove = above - foundAbove;
            double score = ((double) foundBelow * foundBelow + missedBelow * missedBelow) / below
                    + (foundAbove * foundAbove + missedAbove * missedAbove) / above;
            if (score > bestScore) {
                bestScore = score;
                bestColumn = candidate;
                int next = value + 1;
                while (count[next] == 0) {
                    next++;
                }
                bestLimit = (value + next - 1) / 2;
            }
        }
        if (highest >= 0) {
            Arrays.fill(count, lowest, highest + 1, 0);
            Arrays.fill(hits, lowest, highest + 1, 0);
        }
    }

    private int partition(int[] rows, int from, int end) {
        byte[] values = columns[bestColumn];
        int a = from;
        int b = end - 1;
        while (a <= b) {
            if ((values[rows[a]] & 0xFF) <= bestLimit) {
                a++;
            } else {
                int swap = rows[a];
                rows[a] = rows[b];
                rows[b--] = swap;
            }
        }
        return a;
    }
}
