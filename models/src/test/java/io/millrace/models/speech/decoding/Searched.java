package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.TensorSpec;

/** What beam searches find. */
final class Searched {

    private Searched() {}

    static List<NDArray> zeros(BeamSearch search, NDManager manager, int streams) {
        List<NDArray> state = new ArrayList<>();
        for (TensorSpec tensor : search.state()) {
            state.add(manager.zeros(new Shape(streams).addAll(tensor.shape()), tensor.type()));
        }
        return state;
    }

    /** Tokens of the best hypothesis. */
    static List<Integer> best(List<Beams> chunks) {
        List<List<Integer>> texts = List.of(List.of());
        for (Beams beams : chunks) {
            for (int t = 0; t < beams.frames(); t++) {
                List<List<Integer>> next = new ArrayList<>();
                for (int k = 0; k < beams.width(); k++) {
                    int at = t * beams.width() + k;
                    List<Integer> text = new ArrayList<>(texts.get(Math.min(beams.parents()[at], texts.size() - 1)));
                    for (int i = at * beams.symbols(); i < (at + 1) * beams.symbols(); i++) {
                        if (beams.tokens()[i] != Beams.NONE) {
                            text.add(beams.tokens()[i]);
                        }
                    }
                    next.add(text);
                }
                texts = next;
            }
        }
        return texts.get(0);
    }

    /** The best text of one stream, whose frames [1, T, ...] come in chunks that end at the cuts. */
    static List<Integer> best(BeamSearch search, PhraseBoost boost, NDArray frames, int... cuts) {
        List<NDArray> state = zeros(search, frames.getManager(), 1);
        int[] silent = new int[1];
        List<Beams> chunks = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            BeamSearch.Result result = search.search(
                    frames.get(":, " + from + ":" + cut),
                    new long[] {cut - from},
                    new boolean[] {from == 0},
                    silent,
                    List.of(boost),
                    state);
            chunks.addAll(result.beams());
            state = result.state();
            silent = result.silent();
            from = cut;
        }
        return best(chunks);
    }
}
