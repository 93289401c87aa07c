package io.millrace.models.speech.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.decoding.CtcGreedy;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.TransducerGreedy;
import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.tokens.Tokens;

/** Transcribes whole utterances in batches, not chunk by chunk: what streaming gives too, sooner. */
public final class WholeUtterances {

    private static final int BATCH = 16;

    private final FastConformerConfig config;
    private final FastConformer network;
    private final Tokens tokens;
    private final MelFrontEnd frontEnd;
    private final NDManager manager;

    /** Over weights that the caller keeps. */
    public WholeUtterances(FastConformerConfig config, Map<String, NDArray> weights, Tokens tokens, NDManager manager) {
        this.config = config;
        this.network = new FastConformer(config, weights, CacheContent.PROJECTIONS, false);
        this.tokens = tokens;
        this.frontEnd = new MelFrontEnd(config.features());
        this.manager = manager;
    }

    /** Words by either head. */
    public record Words(List<String> ctc, List<String> transducer) {}

    /** Words of each recording, 16 kHz samples in [-1, 1]. */
    public List<Words> transcribe(List<float[]> recordings, int lookAhead) {
        List<Integer> order = IntStream.range(0, recordings.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> recordings.get(i).length))
                .toList();
        Words[] words = new Words[recordings.size()];
        for (int from = 0; from < order.size(); from += BATCH) {
            List<Integer> batch = order.subList(from, Math.min(order.size(), from + BATCH));
            List<Words> results = batch(batch.stream().map(recordings::get).toList(), lookAhead);
            for (int i = 0; i < batch.size(); i++) {
                words[batch.get(i)] = results.get(i);
            }
        }
        return Arrays.asList(words);
    }

    private List<Words> batch(List<float[]> recordings, int lookAhead) {
        List<float[]> features = recordings.stream().map(frontEnd::features).toList();
        int bands = config.features();
        int most = Math.max(
                1, features.stream().mapToInt(mel -> mel.length / bands).max().orElseThrow());
        float[] mel = new float[features.size() * most * bands];
        long[] lengths = new long[features.size()];
        for (int b = 0; b < features.size(); b++) {
            System.arraycopy(features.get(b), 0, mel, b * most * bands, features.get(b).length);
            lengths[b] = features.get(b).length / bands;
        }
        try (NDManager step = manager.newSubManager()) {
            FastConformer.Encoded encoded = network.encode(
                    step.create(mel, new Shape(features.size(), most, bands)), lengths, config.context(lookAhead));
            NDArray logProbabilities = network.ctcLogits(encoded.frames()).logSoftmax(-1);
            long[] best = logProbabilities.argMax(-1).toLongArray();
            float[] probability = logProbabilities.max(new int[] {-1}).toFloatArray();
            TransducerGreedy greedy = TransducerGreedy.of(network, config);
            List<List<Emission>> emissions = greedy.decode(
                            encoded.frames(),
                            encoded.lengths(),
                            new long[features.size()],
                            new int[features.size()],
                            greedy.start(step, features.size()))
                    .emissions();
            int steps = best.length / features.size();
            List<Words> words = new ArrayList<>();
            for (int b = 0; b < features.size(); b++) {
                int from = b * steps;
                int to = from + Math.toIntExact(encoded.lengths()[b]);
                List<Emission> ctc = new CtcGreedy(config.blank())
                        .accept(Arrays.copyOfRange(best, from, to), Arrays.copyOfRange(probability, from, to), 0);
                words.add(new Words(EmittedWords.of(ctc, tokens), EmittedWords.of(emissions.get(b), tokens)));
            }
            return words;
        }
    }
}
