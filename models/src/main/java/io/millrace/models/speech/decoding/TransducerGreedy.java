package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformer.PredictionState;
import io.millrace.models.speech.network.FastConformerConfig;

/**
 * Greedy search of a transducer over a batch of streams: at each frame the best token, again and again until it is the
 * blank or there were {@code mostSymbols} of them. A blank leaves the prediction network as it was. After a rest without
 * a token the next one is looked for as a first one: {@link Rest}.
 */
public final class TransducerGreedy {

    private static final int MOST_SYMBOLS = 10;

    private final FastConformer network;
    private final int blank;
    private final int mostSymbols;
    private final int restFrames;

    /**
     * A search.
     *
     * @param mostSymbols tokens at one frame at most
     * @param restFrames frames without a token that make a rest
     */
    public TransducerGreedy(FastConformer network, int blank, int mostSymbols, int restFrames) {
        this.network = network;
        this.blank = blank;
        this.mostSymbols = mostSymbols;
        this.restFrames = restFrames;
    }

    /** The search as streams are heard. */
    public static TransducerGreedy of(FastConformer network, FastConformerConfig config) {
        return new TransducerGreedy(network, config.blank(), MOST_SYMBOLS, Rest.frames(config));
    }

    /**
     * Where a batch of streams stands.
     *
     * @param predicted output of the prediction network after the last token of each stream, as the joint network takes
     *     it, [B, J]
     * @param state state of the prediction network after that token
     */
    public record State(NDArray predicted, PredictionState state) {

        /** For each stream one of two states; {@code which}: float [B, 1], 1 for this one and 0 for the other. */
        public State where(NDArray which, State otherwise) {
            return new State(
                    where(which, predicted, otherwise.predicted),
                    new PredictionState(
                            where(which, state.hidden(), otherwise.state.hidden()),
                            where(which, state.cell(), otherwise.state.cell())));
        }

        private static NDArray where(NDArray which, NDArray chosen, NDArray otherwise) {
            // A product belongs to the manager of its first factor: that of this step, not that of a state that stays.
            return which.mul(chosen).add(which.mul(-1).add(1).mul(otherwise));
        }
    }

    /** The state at the start of an utterance. */
    public State start(NDManager manager, long streams) {
        NDArray tokens = manager.full(new Shape(streams), blank, DataType.INT64);
        return after(tokens, network.startOfUtterance(manager, streams));
    }

    private State after(NDArray tokens, PredictionState state) {
        FastConformer.Prediction next = network.predict(tokens, state);
        return new State(network.jointPredicted(next.output()), next.state());
    }

    /**
     * What came of a chunk.
     *
     * @param emissions tokens of each stream
     * @param scores for each stream the sum of the log-probabilities of its tokens
     * @param silent for each stream the frames since its last token, not counted beyond a rest
     * @param state where the streams stand
     */
    public record Result(List<List<Emission>> emissions, double[] scores, int[] silent, State state) {}

    /**
     * Decodes a chunk.
     *
     * @param encoded encoder frames [B, T, d]
     * @param lengths frames of each stream
     * @param firstFrames number of the first of them in its stream
     * @param silentBefore frames without a token before them, or as many as make a rest
     */
    public Result decode(NDArray encoded, long[] lengths, long[] firstFrames, int[] silentBefore, State before) {
        int streams = lengths.length;
        List<List<Emission>> emissions = new ArrayList<>();
        for (int b = 0; b < streams; b++) {
            emissions.add(new ArrayList<>());
        }
        double[] scores = new double[streams];
        NDArray frames = network.jointEncoded(encoded);
        int[] silent = silentBefore.clone();
        State state = before;
        for (int t = 0; t < frames.getShape().get(1); t++) {
            NDArray frame = frames.get(":, " + t);
            boolean[] going = new boolean[streams];
            for (int b = 0; b < streams; b++) {
                going[b] = t < lengths[b];
                silent[b] = going[b] ? Math.min(restFrames, silent[b] + 1) : silent[b];
            }
            for (int symbol = 0; symbol < mostSymbols; symbol++) {
                NDArray logProbabilities =
                        network.jointLogits(frame, predicted(state, silent)).logSoftmax(-1);
                long[] best = logProbabilities.argMax(-1).toLongArray();
                float[] most = logProbabilities.max(new int[] {-1}).toFloatArray();
                boolean any = false;
                for (int b = 0; b < streams; b++) {
                    going[b] &= best[b] != blank;
                    if (going[b]) {
                        any = true;
                        emissions.get(b).add(new Emission(Math.toIntExact(best[b]), firstFrames[b] + t, most[b]));
                        scores[b] += most[b];
                        silent[b] = 0;
                    }
                }
                if (!any) {
                    break;
                }
                state = advance(state, best, going);
            }
        }
        return new Result(emissions, scores, silent, state);
    }

    /** What the joint network is given of the prediction networks: that of a first word after a rest, [B, J]. */
    private NDArray predicted(State state, int[] silent) {
        float[] rested = new float[silent.length];
        boolean any = false;
        for (int b = 0; b < silent.length; b++) {
            rested[b] = silent[b] >= restFrames ? 1 : 0;
            any |= rested[b] == 1;
        }
        if (!any) {
            return state.predicted();
        }
        NDManager manager = state.predicted().getManager();
        return State.where(
                manager.create(rested, new Shape(rested.length, 1)),
                start(manager, 1).predicted(),
                state.predicted());
    }

    /** Feeds the tokens of the streams that have one; the others stay where they are. */
    private State advance(State state, long[] tokens, boolean[] which) {
        NDManager manager = state.predicted().getManager();
        float[] chosen = new float[which.length];
        for (int b = 0; b < which.length; b++) {
            chosen[b] = which[b] ? 1 : 0;
        }
        return after(manager.create(tokens), state.state())
                .where(manager.create(chosen, new Shape(which.length, 1)), state);
    }
}
