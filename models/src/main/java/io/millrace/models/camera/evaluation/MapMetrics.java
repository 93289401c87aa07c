package io.millrace.models.camera.evaluation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * How well maps tell the pixels of defects from others: area under the ROC curve over pixels, and per-region overlap up to
 * 30 % false alarms (Bergmann et al., IJCV 2021, section 5). Scores are counted in {@value #BINS} steps between the least and
 * the greatest.
 */
public final class MapMetrics {

    private static final int BINS = 20_000;
    private static final double MOST_FALSE = 0.3;

    private record Scored(float[] map, boolean[] mask) {}

    private final int side;
    private final List<Scored> pictures = new ArrayList<>();
    private float least = Float.POSITIVE_INFINITY;
    private float greatest = Float.NEGATIVE_INFINITY;

    /**
     * No pictures yet.
     *
     * @param side pixels of a side
     */
    public MapMetrics(int side) {
        this.side = side;
    }

    /** A picture: its map, and where it is wrong; nowhere on a normal one. */
    public void add(float[] map, boolean[] mask) {
        if (map.length != side * side || mask.length != map.length) {
            throw new IllegalArgumentException(
                    "maps and masks must have " + side * side + " pixels, got " + map.length + " and " + mask.length);
        }
        pictures.add(new Scored(map, mask));
        for (float value : map) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
    }

    private int bin(float value) {
        return greatest <= least ? 0 : Math.min(BINS - 1, (int) ((value - least) / (greatest - least) * BINS));
    }

    /** Pairs of a wrong and a right pixel in order, half for ties, over all pairs; NaN without both. */
    public double auroc() {
        long[] wrong = new long[BINS];
        long[] right = new long[BINS];
        for (Scored picture : pictures) {
            for (int i = 0; i < picture.map().length; i++) {
                (picture.mask()[i] ? wrong : right)[bin(picture.map()[i])]++;
            }
        }
        double below = 0;
        double pairs = 0;
        double allWrong = 0;
        for (int bin = 0; bin < BINS; bin++) {
            pairs += wrong[bin] * (below + right[bin] / 2.0);
            below += right[bin];
            allWrong += wrong[bin];
        }
        return allWrong == 0 || below == 0 ? Double.NaN : pairs / allWrong / below;
    }

    /** Mean share of each wrong region that is found, over the rates of false alarms up to 30 %; NaN without regions. */
    public double overlap() {
        double[] found = new double[BINS];
        double[] falseAlarms = new double[BINS];
        double regions = 0;
        double right = 0;
        for (Scored picture : pictures) {
            int[] region = regions(picture.mask());
            int count = Arrays.stream(region).max().orElse(0);
            double[] sizes = new double[count + 1];
            for (int number : region) {
                sizes[number]++;
            }
            regions += count;
            right += sizes[0];
            for (int i = 0; i < region.length; i++) {
                int bin = bin(picture.map()[i]);
                if (region[i] == 0) {
                    falseAlarms[bin]++;
                } else {
                    found[bin] += 1 / sizes[region[i]];
                }
            }
        }
        if (regions == 0 || right == 0) {
            return Double.NaN;
        }
        double area = 0;
        double rate = 0;
        double share = 0;
        for (int bin = BINS - 1; bin >= 0 && rate < MOST_FALSE; bin--) {
            double nextRate = rate + falseAlarms[bin] / right;
            double nextShare = share + found[bin] / regions;
            if (nextRate > MOST_FALSE) {
                nextShare = share + (nextShare - share) * (MOST_FALSE - rate) / (nextRate - rate);
                nextRate = MOST_FALSE;
            }
            area += (nextRate - rate) * (share + nextShare) / 2;
            rate = nextRate;
            share = nextShare;
        }
        return area / MOST_FALSE;
    }

    /** Numbers of the regions that wrong pixels form with their eight neighbours, from 1; 0 elsewhere. */
    private int[] regions(boolean[] mask) {
        int[] region = new int[mask.length];
        int count = 0;
        Deque<Integer> open = new ArrayDeque<>();
        for (int start = 0; start < mask.length; start++) {
            if (!mask[start] || region[start] != 0) {
                continue;
            }
            region[start] = ++count;
            open.add(start);
            while (!open.isEmpty()) {
                int at = open.remove();
                for (int y = Math.max(0, at / side - 1); y <= Math.min(side - 1, at / side + 1); y++) {
                    for (int x = Math.max(0, at % side - 1); x <= Math.min(side - 1, at % side + 1); x++) {
                        int next = y * side + x;
                        if (mask[next] && region[next] == 0) {
                            region[next] = count;
                            open.add(next);
                        }
                    }
                }
            }
        }
        return region;
    }
}
