package io.millrace.models.camera.training;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.camera.evaluation.MapMetrics;
import io.millrace.models.camera.network.AnomalyMap;
import io.millrace.models.camera.scoring.FeatureGrid;
import io.millrace.models.camera.scoring.ScoreScale;
import io.millrace.models.camera.scoring.Scorer;
import io.millrace.models.evaluation.RankingMetrics;
import io.millrace.models.vision.Backbone;

/**
 * Which scorers tell normal pictures from defective ones best, by normal pictures alone: those that a scorer was not made
 * of, and the same with something wrong made on them.
 */
final class ScorerChoice {

    private static final int DEFECTS_PER_PICTURE = 2;

    /**
     * Scorers that were tried together.
     *
     * @param kinds their kinds; the mean of their scaled scores counts
     * @param imageAuroc how well pictures are told
     * @param pixelAuroc how well places are told
     */
    record Trial(Set<Scorer.Kind> kinds, double imageAuroc, double pixelAuroc) {

        double worth() {
            return (imageAuroc + pixelAuroc) / 2;
        }
    }

    /**
     * What came of an input size.
     *
     * @param trials all that were tried
     * @param scales of each kind, from pictures that it was not made of
     * @param heldOut for each kind scaled scores of those pictures, [N, L]
     */
    record Result(List<Trial> trials, Map<Scorer.Kind, ScoreScale> scales, Map<Scorer.Kind, NDArray> heldOut) {}

    private final Backbone backbone;
    private final int size;
    private final long seed;
    private final double sigma;

    ScorerChoice(Backbone backbone, int size, double sigma, long seed) {
        this.backbone = backbone;
        this.size = size;
        this.seed = seed;
        this.sigma = sigma;
    }

    /**
     * Tries all kinds.
     *
     * @param pictures normal pictures
     * @param features their scaled features
     * @param manager owner of what is returned
     */
    Result of(List<byte[]> pictures, FeatureGrid grid, NDArray features, NDManager manager) {
        int folds = pictures.size() <= 120 ? 4 : 1;
        Map<Scorer.Kind, List<NDArray>> normal = new EnumMap<>(Scorer.Kind.class);
        Map<Scorer.Kind, List<NDArray>> defective = new EnumMap<>(Scorer.Kind.class);
        List<boolean[]> masks = new ArrayList<>();
        SyntheticDefects defects = new SyntheticDefects(size, seed);
        Random random = new Random(seed);
        int[] fold = new int[pictures.size()];
        for (int i = 0; i < fold.length; i++) {
            fold[i] = random.nextInt(4);
        }
        for (int part = 0; part < folds; part++) {
            List<Integer> out = new ArrayList<>();
            List<Integer> in = new ArrayList<>();
            for (int i = 0; i < fold.length; i++) {
                (fold[i] == part ? out : in).add(i);
            }
            List<byte[]> wrong = new ArrayList<>();
            for (int index : out) {
                for (int k = 0; k < DEFECTS_PER_PICTURE; k++) {
                    SyntheticDefects.Defective made = defects.on(pictures.get(index));
                    wrong.add(made.rgb());
                    masks.add(made.mask());
                }
            }
            try (NDManager scratch = manager.newSubManager()) {
                NDArray wrongFeatures = grid.of(FeatureSet.of(backbone, wrong, size, scratch));
                NDArray inFeatures = chosen(features, in);
                NDArray outFeatures = chosen(features, out);
                inFeatures.attach(scratch);
                outFeatures.attach(scratch);
                for (Scorer.Kind kind : Scorer.Kind.values()) {
                    try (Scorer scorer = Scorer.of(kind, inFeatures, grid.side(), seed)) {
                        keep(normal, kind, scored(scorer, outFeatures), manager);
                        keep(defective, kind, scored(scorer, wrongFeatures), manager);
                    }
                }
            }
        }
        Map<Scorer.Kind, ScoreScale> scales = new EnumMap<>(Scorer.Kind.class);
        Map<Scorer.Kind, NDArray> scaledNormal = new EnumMap<>(Scorer.Kind.class);
        Map<Scorer.Kind, NDArray> scaledDefective = new EnumMap<>(Scorer.Kind.class);
        for (Scorer.Kind kind : Scorer.Kind.values()) {
            NDArray scores = NDArrays.concat(new NDList(normal.get(kind)), 0);
            ScoreScale scale = ScoreScale.of(scores, grid.side());
            scales.put(kind, scale);
            scaledNormal.put(kind, scale.apply(scores));
            scaledDefective.put(kind, scale.apply(NDArrays.concat(new NDList(defective.get(kind)), 0)));
        }
        List<Trial> trials = new ArrayList<>();
        for (int set = 1; set < 1 << Scorer.Kind.values().length; set++) {
            Set<Scorer.Kind> kinds = new TreeSet<>();
            for (Scorer.Kind kind : Scorer.Kind.values()) {
                if ((set >> kind.ordinal() & 1) == 1) {
                    kinds.add(kind);
                }
            }
            trials.add(trial(kinds, scaledNormal, scaledDefective, masks, grid));
        }
        return new Result(trials, scales, scaledNormal);
    }

    private static NDArray chosen(NDArray features, List<Integer> indices) {
        return features.get(features.getManager()
                .create(indices.stream().mapToLong(Integer::longValue).toArray()));
    }

    private static void keep(Map<Scorer.Kind, List<NDArray>> all, Scorer.Kind kind, NDArray scores, NDManager manager) {
        scores.attach(manager);
        all.computeIfAbsent(kind, none -> new ArrayList<>()).add(scores);
    }

    /** Scores of many pictures, some at a time. */
    static NDArray scored(Scorer scorer, NDArray features) {
        List<NDArray> parts = new ArrayList<>();
        int count = Math.toIntExact(features.getShape().get(0));
        for (int from = 0; from < count; from += 8) {
            try (NDManager step = features.getManager().newSubManager()) {
                NDArray part = features.get(from + ":" + Math.min(count, from + 8));
                part.attach(step);
                NDArray scores = scorer.score(part);
                scores.attach(features.getManager());
                parts.add(scores);
            }
        }
        return NDArrays.concat(new NDList(parts), 0);
    }

    private Trial trial(
            Set<Scorer.Kind> kinds,
            Map<Scorer.Kind, NDArray> normal,
            Map<Scorer.Kind, NDArray> defective,
            List<boolean[]> masks,
            FeatureGrid grid) {
        MapMetrics pixels = new MapMetrics(size);
        double[] scores = new double
                [masks.size()
                        + Math.toIntExact(
                                normal.values().iterator().next().getShape().get(0))];
        boolean[] wrong = new boolean[scores.length];
        int at = 0;
        for (Map<Scorer.Kind, NDArray> side : List.of(normal, defective)) {
            NDArray combined = combined(kinds, side);
            int count = Math.toIntExact(combined.getShape().get(0));
            for (int i = 0; i < count; i++) {
                try (NDManager step = combined.getManager().newSubManager()) {
                    NDArray one = combined.get(i).reshape(new Shape(1, grid.side(), grid.side()));
                    one.attach(step);
                    float[] map = AnomalyMap.blurred(AnomalyMap.stretched(one, size), sigma)
                            .toFloatArray();
                    scores[at] = greatest(map);
                    wrong[at] = side == defective;
                    pixels.add(map, side == defective ? masks.get(i) : new boolean[map.length]);
                    at++;
                }
            }
            combined.close();
        }
        return new Trial(kinds, RankingMetrics.auroc(scores, wrong), pixels.auroc());
    }

    private static NDArray combined(Set<Scorer.Kind> kinds, Map<Scorer.Kind, NDArray> scores) {
        return NDArrays.stack(new NDList(kinds.stream().map(scores::get).toList()))
                .mean(new int[] {0});
    }

    static double greatest(float[] values) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            greatest = Math.max(greatest, value);
        }
        return greatest;
    }
}
