package io.millrace.models.intrusion.forest;

import java.util.Random;

/**
 * A random forest for two classes over columns of small integers (Breiman 2001): bootstrapped trees, a random square root
 * of the columns tried at each node, Gini impurity, mean of the leaves' shares. It serves as a teacher: unlike a network
 * it does not go on in a straight line where it has seen nothing.
 *
 * <p>Deterministic for a seed. Immutable once fitted; threads may share it.
 */
public final class RandomForest {

    private final Tree[] trees;
    private final double[] outOfBag;

    private RandomForest(Tree[] trees, double[] outOfBag) {
        this.trees = trees;
        this.outOfBag = outOfBag;
    }

    /**
     * Fits a forest.
     *
     * @param columns values 0 to 255 of each column, one byte a row
     * @param positive class of each row
     * @param trees number of trees
     * @param leastLeaf fewest rows of a leaf
     * @param seed seed of bootstrap and column choice
     */
    public static RandomForest fit(byte[][] columns, boolean[] positive, int trees, int leastLeaf, long seed) {
        int rows = positive.length;
        Tree[] grown = new Tree[trees];
        double[] sums = new double[rows];
        int[] votes = new int[rows];
        Random random = new Random(seed);
        for (int t = 0; t < trees; t++) {
            int[] sample = new int[rows];
            boolean[] drawn = new boolean[rows];
            for (int i = 0; i < rows; i++) {
                sample[i] = random.nextInt(rows);
                drawn[sample[i]] = true;
            }
            grown[t] = new TreeGrower(columns, positive, leastLeaf, new Random(random.nextLong())).grow(sample);
            for (int row = 0; row < rows; row++) {
                if (!drawn[row]) {
                    sums[row] += grown[t].value(columns, row);
                    votes[row]++;
                }
            }
        }
        double[] outOfBag = new double[rows];
        for (int row = 0; row < rows; row++) {
            outOfBag[row] = votes[row] == 0 ? (positive[row] ? 1 : 0) : sums[row] / votes[row];
        }
        return new RandomForest(grown, outOfBag);
    }

    /** For each training row the mean of the trees that had not seen it, 0 to 1. */
    public double[] outOfBag() {
        return outOfBag.clone();
    }

    /**
     * Probability of the positive class.
     *
     * @param row value of each column, 0 to 255
     */
    public double probability(byte[] row) {
        double sum = 0;
        for (Tree tree : trees) {
            sum += tree.value(row);
        }
        return sum / trees.length;
    }

    /**
     * Nodes as parallel arrays; node 0 is the root.
     *
     * @param column column asked at each node, -1 for a leaf
     * @param limit rows with a value up to this go left
     * @param left number of the left child; the right one follows it
     * @param share share of positive rows of a leaf
     */
    record Tree(int[] column, int[] limit, int[] left, float[] share) {

        double value(byte[] row) {
            int node = 0;
            while (column[node] >= 0) {
                node = left[node] + ((row[column[node]] & 0xFF) <= limit[node] ? 0 : 1);
            }
            return share[node];
        }

        double value(byte[][] columns, int row) {
            int node = 0;
            while (column[node] >= 0) {
                node = left[node] + ((columns[column[node]][row] & 0xFF) <= limit[node] ? 0 : 1);
            }
            return share[node];
        }
    }
}
