package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.TensorSpec;

/**
 * Prefix search over the frames of a CTC head (Hannun et al., arXiv 1408.2873, algorithm 1, without a language model):
 * the probability of a text is that of all its alignments together.
 */
public final class CtcBeam implements BeamSearch {

    private static final int[] NOTHING = {};
    private static final float[] NO_SCORES = {};
    private static final int LEAST_TOKENS = 8;

    private final int blank;
    private final int width;

    /** {@code width}: prefixes that are kept. */
    public CtcBeam(int blank, int width) {
        this.blank = blank;
        this.width = width;
    }

    @Override
    public List<TensorSpec> state() {
        Shape each = new Shape(width);
        return List.of(
                new TensorSpec("blank_scores", DataType.FLOAT32, each),
                new TensorSpec("token_scores", DataType.FLOAT32, each),
                new TensorSpec("boosts", DataType.FLOAT32, each),
                new TensorSpec("last_tokens", DataType.INT64, each),
                new TensorSpec("texts", DataType.INT64, each),
                new TensorSpec("places", DataType.INT64, each));
    }

    /** A text, and the ways in which it ends: with a blank after its last token, or with the token. */
    private static final class Prefix {
        private final int last;
        private final long text;
        private final int place;
        private final float bonus;
        private double byBlank = Scores.NEVER;
        private double byToken = Scores.NEVER;
        private double most = Scores.NEVER;
        private int parent;
        private int[] added = NOTHING;
        private float[] addedScores = NO_SCORES;

        Prefix(int last, long text, int place, float bonus) {
            this.last = last;
            this.text = text;
            this.place = place;
            this.bonus = bonus;
        }

        double total() {
            return Scores.sum(byBlank, byToken);
        }

        double score() {
            return total() + bonus;
        }
    }

    /** Goes by the head's log-probabilities, [B, T, V + 1]. */
    @Override
    public Result search(
            NDArray logProbabilities,
            long[] lengths,
            boolean[] begins,
            int[] silent,
            List<PhraseBoost> boosts,
            List<NDArray> state) {
        int streams = lengths.length;
        int steps = Math.toIntExact(logProbabilities.getShape().get(1));
        int most = Math.min(blank + 1, Math.max(LEAST_TOKENS, 2 * width));
        NDList top = logProbabilities.topK(most, -1, true, true);
        float[] scores = top.get(0).toFloatArray();
        long[] tokens = top.get(1).toLongArray();
        float[] blanks = logProbabilities.get(":, :, " + blank).toFloatArray();
        Kept kept = new Kept(boosts, state);
        List<Beams> beams = new ArrayList<>();
        for (int b = 0; b < streams; b++) {
            List<Prefix> beam = begins[b] ? first() : kept.read(b);
            PhraseBoost boost = boosts.get(b);
            Trail trail = new Trail(Math.toIntExact(lengths[b]), width, 1);
            for (int t = 0; t < lengths[b]; t++) {
                int at = b * steps + t;
                beam = next(beam, boost, blanks[at], tokens, scores, at * most, most);
                trail.nextFrame();
                for (int k = 0; k < beam.size(); k++) {
                    Prefix prefix = beam.get(k);
                    trail.add(k, prefix.parent, prefix.added, prefix.addedScores);
                }
            }
            beams.add(trail.beams());
            kept.write(b, beam);
        }
        return new Result(beams, silent, kept.arrays(logProbabilities.getManager(), streams));
    }

    private List<Prefix> first() {
        Prefix empty = new Prefix(blank, 0, PhraseBoost.START, 0);
        empty.byBlank = 0;
        return List.of(empty);
    }

    private List<Prefix> next(
            List<Prefix> beam,
            PhraseBoost boost,
            float blankScore,
            long[] tokens,
            float[] scores,
            int from,
            int count) {
        Map<Long, Prefix> found = new LinkedHashMap<>();
        for (int k = 0; k < beam.size(); k++) {
            Prefix before = beam.get(k);
            double total = before.total();
            Prefix same = found.computeIfAbsent(
                    before.text, text -> new Prefix(before.last, text, before.place, before.bonus));
            same.byBlank = Scores.sum(same.byBlank, total + blankScore);
            keep(same, k, total + blankScore, NOTHING, NO_SCORES);
            for (int i = from; i < from + count; i++) {
                int token = Math.toIntExact(tokens[i]);
                if (token == blank) {
                    continue;
                }
                boolean repeats = token == before.last;
                if (repeats) {
                    same.byToken = Scores.sum(same.byToken, before.byToken + scores[i]);
                }
                double way = (repeats ? before.byBlank : total) + scores[i];
                if (way > Scores.NEVER) {
                    extend(found, boost, before, k, token, scores[i], way);
                }
            }
        }
        return boost.best(found.values(), width, Prefix::score, prefix -> prefix.place);
    }

    private static void extend(
            Map<Long, Prefix> found, PhraseBoost boost, Prefix before, int k, int token, float score, double way) {
        Prefix longer = found.computeIfAbsent(Scores.text(before.text, token), text -> {
            int place = boost.after(before.place, token);
            return new Prefix(token, text, place, before.bonus + boost.gain(before.place, place));
        });
        longer.byToken = Scores.sum(longer.byToken, way);
        keep(longer, k, way, new int[] {token}, new float[] {score});
    }

    /** The likeliest way to a text says where its tokens were heard. */
    private static void keep(Prefix prefix, int parent, double way, int[] added, float[] scores) {
        if (way > prefix.most) {
            prefix.most = way;
            prefix.parent = parent;
            prefix.added = added;
            prefix.addedScores = scores;
        }
    }

    /** The state as arrays of the host. */
    private final class Kept {
        private final List<PhraseBoost> boosts;
        private final float[] byBlank;
        private final float[] byToken;
        private final float[] bonus;
        private final long[] last;
        private final long[] texts;
        private final long[] places;

        Kept(List<PhraseBoost> boosts, List<NDArray> state) {
            this.boosts = boosts;
            byBlank = state.get(0).toFloatArray();
            byToken = state.get(1).toFloatArray();
            bonus = state.get(2).toFloatArray();
            last = state.get(3).toLongArray();
            texts = state.get(4).toLongArray();
            places = state.get(5).toLongArray();
        }

        List<Prefix> read(int stream) {
            List<Prefix> beam = new ArrayList<>(width);
            for (int i = stream * width; i < (stream + 1) * width; i++) {
                if (byBlank[i] > Scores.NEVER || byToken[i] > Scores.NEVER) {
                    Prefix prefix = new Prefix(
                            Math.toIntExact(last[i]),
                            texts[i],
                            boosts.get(stream).restored(places[i]),
                            bonus[i]);
                    prefix.byBlank = byBlank[i];
                    prefix.byToken = byToken[i];
                    beam.add(prefix);
                }
            }
            return beam;
        }

        /** Scores against the best, so that they stay small however long a stream is. */
        void write(int stream, List<Prefix> beam) {
            double best = beam.stream().mapToDouble(Prefix::total).max().orElse(0);
            float least = (float)
                    beam.stream().mapToDouble(prefix -> prefix.bonus).min().orElse(0);
            for (int k = 0; k < width; k++) {
                int i = stream * width + k;
                Prefix prefix = k < beam.size() ? beam.get(k) : null;
                byBlank[i] = prefix == null ? Scores.NEVER : Scores.kept(prefix.byBlank - best);
                byToken[i] = prefix == null ? Scores.NEVER : Scores.kept(prefix.byToken - best);
                bonus[i] = prefix == null ? 0 : prefix.bonus - least;
                last[i] = prefix == null ? blank : prefix.last;
                texts[i] = prefix == null ? 0 : prefix.text;
                places[i] =
                        prefix == null ? PhraseBoost.START : boosts.get(stream).stored(prefix.place);
            }
        }

        List<NDArray> arrays(NDManager manager, int streams) {
            Shape shape = new Shape(streams, width);
            return List.of(
                    manager.create(byBlank, shape),
                    manager.create(byToken, shape),
                    manager.create(bonus, shape),
                    manager.create(last, shape),
                    manager.create(texts, shape),
                    manager.create(places, shape));
        }
    }
}
