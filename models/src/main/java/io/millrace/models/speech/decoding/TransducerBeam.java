package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformer.PredictionState;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.streaming.TensorSpec;

/**
 * Beam search of a transducer, frame after frame, with few tokens at one frame (Kim et al., modified adaptive expansion
 * search, Interspeech 2020): what is far less likely than the best of the frame is not looked at, so that most frames
 * take one step of the joint network. Hypotheses of one text are one.
 */
public final class TransducerBeam implements BeamSearch {

    /** Tokens at one frame at most. */
    static final int SYMBOLS = 2;
    /** A token is looked at if with it a hypothesis is at most this much less likely than the best, as a logarithm. */
    private static final double REACH = 5;

    private static final int[] NO_TOKENS = {};
    private static final float[] NO_SCORES = {};

    private final FastConformer network;
    private final FastConformerConfig config;
    private final int width;
    private final int restFrames;

    /** {@code width}: hypotheses that are kept. */
    public TransducerBeam(FastConformer network, FastConformerConfig config, int width) {
        this.network = network;
        this.config = config;
        this.width = width;
        this.restFrames = Rest.frames(config);
    }

    @Override
    public List<TensorSpec> state() {
        Shape each = new Shape(width);
        Shape layers = new Shape(width, config.predictionLayers(), config.predictionWidth());
        return List.of(
                new TensorSpec("predicted", DataType.FLOAT32, new Shape(width, config.jointWidth())),
                new TensorSpec("hidden", DataType.FLOAT32, layers),
                new TensorSpec("cell", DataType.FLOAT32, layers),
                new TensorSpec("scores", DataType.FLOAT32, each),
                new TensorSpec("texts", DataType.INT64, each),
                new TensorSpec("places", DataType.INT64, each));
    }

    /**
     * A hypothesis within a frame, one way through the network.
     *
     * @param row where its prediction network stands
     * @param parent its number before the frame
     */
    private record Path(
            int stream, double score, long text, int place, int row, int parent, int[] added, float[] addedScores) {

        Path withScore(double other) {
            return new Path(stream, other, text, place, row, parent, added, addedScores);
        }

        Path withRow(int other) {
            return new Path(stream, score, text, place, other, parent, added, addedScores);
        }

        /** The {@code k}th before a frame, in which nothing has been added yet. */
        Path before(int k) {
            return new Path(stream, score, text, place, row, k, NO_TOKENS, NO_SCORES);
        }
    }

    /** Where the prediction networks of all hypotheses stand, a row each: [N, J], [N, layers, H] twice. */
    private record Rows(NDArray predicted, NDArray hidden, NDArray cell) {

        Rows get(NDArray rows) {
            return new Rows(predicted.get(rows), hidden.get(rows), cell.get(rows));
        }

        Rows and(Rows more) {
            return new Rows(
                    NDArrays.concat(new NDList(predicted, more.predicted)),
                    NDArrays.concat(new NDList(hidden, more.hidden)),
                    NDArrays.concat(new NDList(cell, more.cell)));
        }

        int count() {
            return Math.toIntExact(predicted.getShape().get(0));
        }
    }

    @Override
    public Result search(
            NDArray encoded,
            long[] lengths,
            boolean[] begins,
            int[] silent,
            List<PhraseBoost> boosts,
            List<NDArray> state) {
        return new Chunk(encoded, lengths, begins, silent, boosts, state).result();
    }

    /** The search through one chunk of each stream. */
    private final class Chunk {

        private final NDManager manager;
        private final NDArray frames;
        private final long[] lengths;
        private final int streams;
        private final int[] silent;
        private final List<PhraseBoost> boosts;
        private final List<List<Path>> beams = new ArrayList<>();
        private final List<Trail> trails = new ArrayList<>();
        /** Row of a prediction network before a first token. */
        private final int beginning;

        private Rows rows;

        Chunk(
                NDArray encoded,
                long[] lengths,
                boolean[] begins,
                int[] silent,
                List<PhraseBoost> boosts,
                List<NDArray> state) {
            this.manager = encoded.getManager();
            this.frames = network.jointEncoded(encoded);
            this.lengths = lengths;
            this.streams = lengths.length;
            this.silent = silent.clone();
            this.boosts = boosts;
            long count = (long) streams * width;
            rows = new Rows(
                    state.get(0).reshape(count, config.jointWidth()),
                    state.get(1).reshape(count, config.predictionLayers(), config.predictionWidth()),
                    state.get(2).reshape(count, config.predictionLayers(), config.predictionWidth()));
            float[] scores = state.get(3).toFloatArray();
            long[] texts = state.get(4).toLongArray();
            long[] places = state.get(5).toLongArray();
            beginning = rows.count();
            addBeginning();
            for (int b = 0; b < streams; b++) {
                List<Path> beam = new ArrayList<>();
                if (begins[b]) {
                    beam.add(new Path(b, 0, 0, PhraseBoost.START, beginning, 0, NO_TOKENS, NO_SCORES));
                }
                for (int k = 0; k < width && !begins[b]; k++) {
                    int i = b * width + k;
                    if (scores[i] > Scores.NEVER) {
                        beam.add(new Path(
                                b, scores[i], texts[i], boosts.get(b).restored(places[i]), i, k, NO_TOKENS, NO_SCORES));
                    }
                }
                beams.add(beam);
                trails.add(new Trail(Math.toIntExact(lengths[b]), width, SYMBOLS));
            }
        }

        private void addBeginning() {
            rows = rows.and(predicted(
                    manager.full(new Shape(1), config.blank(), DataType.INT64), network.startOfUtterance(manager, 1)));
        }

        private Rows predicted(NDArray tokens, PredictionState before) {
            FastConformer.Prediction next = network.predict(tokens, before);
            return new Rows(
                    network.jointPredicted(next.output()),
                    next.state().hidden().swapAxes(0, 1),
                    next.state().cell().swapAxes(0, 1));
        }

        Result result() {
            for (int t = 0; t < frames.getShape().get(1); t++) {
                frame(t);
            }
            float[] scores = new float[streams * width];
            long[] texts = new long[streams * width];
            long[] places = new long[streams * width];
            long[] chosen = new long[streams * width];
            Arrays.fill(scores, Scores.NEVER);
            for (int b = 0; b < streams; b++) {
                List<Path> beam = beams.get(b);
                double best = beam.stream().mapToDouble(Path::score).max().orElse(0);
                for (int k = 0; k < beam.size(); k++) {
                    int i = b * width + k;
                    scores[i] = Scores.kept(beam.get(k).score() - best);
                    texts[i] = beam.get(k).text();
                    places[i] = boosts.get(b).stored(beam.get(k).place());
                    chosen[i] = beam.get(k).row();
                }
            }
            Rows kept = rows.get(manager.create(chosen));
            Shape each = new Shape(streams, width);
            Shape layers = new Shape(streams, width, config.predictionLayers(), config.predictionWidth());
            return new Result(
                    trails.stream().map(Trail::beams).toList(),
                    silent,
                    List.of(
                            kept.predicted().reshape(streams, width, config.jointWidth()),
                            kept.hidden().reshape(layers),
                            kept.cell().reshape(layers),
                            manager.create(scores, each),
                            manager.create(texts, each),
                            manager.create(places, each)));
        }

        private void frame(int t) {
            List<Path> open = new ArrayList<>();
            List<Map<Long, Path>> done = new ArrayList<>();
            for (int b = 0; b < streams; b++) {
                silent[b] = t < lengths[b] ? Math.min(restFrames, silent[b] + 1) : silent[b];
                done.add(new LinkedHashMap<>());
                for (int k = 0; k < beams.get(b).size() && t < lengths[b]; k++) {
                    open.add(beams.get(b).get(k).before(k));
                }
            }
            NDArray frame = frames.get(":, " + t);
            for (int symbol = 0; !open.isEmpty(); symbol++) {
                open = expanded(open, frame, done, symbol < SYMBOLS);
            }
            for (int b = 0; b < streams; b++) {
                if (t < lengths[b]) {
                    close(b, done.get(b).values());
                }
            }
        }

        /** Ends each hypothesis by a blank, and those that are worth it go on by a token. */
        private List<Path> expanded(List<Path> open, NDArray frame, List<Map<Long, Path>> done, boolean further) {
            NDArray logProbabilities = network.jointLogits(
                            frame.get(
                                    index(open.stream().mapToLong(Path::stream).toArray())),
                            rows.predicted()
                                    .get(index(open.stream()
                                            .mapToLong(this::heardAs)
                                            .toArray())))
                    .logSoftmax(-1);
            float[] blanks = logProbabilities.get(":, " + config.blank()).toFloatArray();
            for (int i = 0; i < open.size(); i++) {
                Path h = open.get(i);
                done.get(h.stream()).merge(h.text(), h.withScore(h.score() + blanks[i]), Chunk::one);
            }
            if (!further) {
                return List.of();
            }
            int most = Math.min(width, config.blank());
            NDList top = logProbabilities.get(":, :" + config.blank()).topK(most, -1, true, true);
            float[] scores = top.get(0).toFloatArray();
            long[] tokens = top.get(1).toLongArray();
            List<List<Path>> candidates = new ArrayList<>();
            double[] least = new double[streams];
            for (int b = 0; b < streams; b++) {
                candidates.add(new ArrayList<>());
                least[b] = best(done.get(b)) - REACH;
            }
            for (int i = 0; i < open.size() * most; i++) {
                Path from = open.get(i / most);
                Path longer = longer(from, Math.toIntExact(tokens[i]), scores[i]);
                if (longer.score() >= least[from.stream()]) {
                    candidates.get(from.stream()).add(longer);
                }
            }
            List<Path> chosen = new ArrayList<>();
            for (List<Path> of : candidates) {
                of.sort(Comparator.comparingDouble(Path::score).reversed());
                chosen.addAll(of.subList(0, Math.min(width, of.size())));
            }
            return chosen.isEmpty() ? chosen : advanced(chosen);
        }

        /** The row that the joint network goes by: after a rest that of a first token, {@link Rest}. */
        private int heardAs(Path path) {
            return silent[path.stream()] >= restFrames && path.added().length == 0 ? beginning : path.row();
        }

        private static double best(Map<Long, Path> done) {
            return done.values().stream().mapToDouble(Path::score).max().orElse(Double.NEGATIVE_INFINITY);
        }

        /** Two ways to one text: as likely as both together, and heard where the likelier heard it. */
        private static Path one(Path a, Path b) {
            return (a.score() >= b.score() ? a : b).withScore(Scores.sum(a.score(), b.score()));
        }

        /** The row is still that of the text before the token. */
        private Path longer(Path from, int token, float score) {
            PhraseBoost boost = boosts.get(from.stream());
            int place = boost.after(from.place(), token);
            int count = from.added().length;
            int[] added = Arrays.copyOf(from.added(), count + 1);
            float[] addedScores = Arrays.copyOf(from.addedScores(), count + 1);
            added[count] = token;
            addedScores[count] = score;
            return new Path(
                    from.stream(),
                    from.score() + score + boost.gain(from.place(), place),
                    Scores.text(from.text(), token),
                    place,
                    from.row(),
                    from.parent(),
                    added,
                    addedScores);
        }

        /** Feeds the last token of each to its prediction network. */
        private List<Path> advanced(List<Path> chosen) {
            Rows before = rows.get(index(chosen.stream().mapToLong(Path::row).toArray()));
            NDArray tokens = index(chosen.stream()
                    .mapToLong(h -> h.added()[h.added().length - 1])
                    .toArray());
            int from = rows.count();
            rows = rows.and(predicted(
                    tokens,
                    new PredictionState(
                            before.hidden().swapAxes(0, 1), before.cell().swapAxes(0, 1))));
            List<Path> advanced = new ArrayList<>();
            for (Path h : chosen) {
                advanced.add(h.withRow(from + advanced.size()));
            }
            return advanced;
        }

        private void close(int stream, Collection<Path> done) {
            List<Path> beam = boosts.get(stream).best(done, width, Path::score, Path::place);
            Trail trail = trails.get(stream);
            trail.nextFrame();
            for (int k = 0; k < beam.size(); k++) {
                Path h = beam.get(k);
                trail.add(k, h.parent(), h.added(), h.addedScores());
            }
            silent[stream] = beam.get(0).added().length > 0 ? 0 : silent[stream];
            beams.set(stream, beam);
        }

        private NDArray index(long[] values) {
            return manager.create(values);
        }
    }
}
