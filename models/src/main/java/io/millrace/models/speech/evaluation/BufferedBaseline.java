package io.millrace.models.speech.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.decoding.CtcGreedy;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;

/**
 * Buffered streaming, to compare with: no caches; for each chunk the last seconds are encoded anew and the frames of the
 * chunk kept (Noroozi et al., arXiv 2312.17279, section 4.1). CTC head. For one thread.
 */
public final class BufferedBaseline implements AutoCloseable {

    private final FastConformerConfig config;
    private final Tokens tokens;
    private final NDManager manager;
    private final FastConformer network;
    private final MelFrontEnd frontEnd;
    private final int lookAhead;
    private final int buffered;

    /**
     * A recogniser over copies of a model's weights.
     *
     * @param lookAhead look-ahead in encoder frames, one that the model serves
     * @param seconds length of the buffer
     */
    public BufferedBaseline(SpeechModel folder, int lookAhead, double seconds) {
        this.config = folder.config();
        this.tokens = folder.tokens();
        this.lookAhead = config.context(lookAhead).right();
        this.buffered = (int) Math.round(seconds * MelFrontEnd.SAMPLE_RATE / MelFrontEnd.HOP);
        if (buffered < config.subsampling() * (lookAhead + 1)) {
            throw new IllegalArgumentException("a buffer must hold a chunk at least, got " + seconds + " s");
        }
        this.manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        this.network = new FastConformer(
                config,
                FastConformerWeights.arrays(config, folder.weights(), manager),
                CacheContent.PROJECTIONS,
                false);
        this.frontEnd = new MelFrontEnd(config.features());
    }

    /** The words of a recording, 16 kHz samples in [-1, 1]. */
    public List<String> transcribe(float[] samples) {
        float[] mel = frontEnd.features(samples);
        int bands = config.features();
        int factor = config.subsampling();
        int melFrames = mel.length / bands;
        long all = config.encoderFrames(melFrames);
        int chunk = lookAhead + 1;
        CtcGreedy greedy = new CtcGreedy(config.blank());
        List<Emission> emissions = new ArrayList<>();
        for (int first = 0; first < all; first += chunk) {
            // Frame i is final with mel frame factor * i; the last chunk takes what there is.
            boolean last = first + chunk >= all;
            int end = last ? melFrames : Math.min(melFrames, factor * (first + chunk - 1) + 1);
            int begin = Math.max(0, end - buffered) / factor * factor;
            int from = first - begin / factor;
            int count = (int) Math.min(chunk, all - first);
            emissions.addAll(heard(Arrays.copyOfRange(mel, begin * bands, end * bands), from, count, first, greedy));
        }
        return EmittedWords.of(emissions, tokens);
    }

    private List<Emission> heard(float[] mel, int from, int count, int firstFrame, CtcGreedy greedy) {
        int frames = mel.length / config.features();
        try (NDManager step = manager.newSubManager()) {
            NDArray encoded = network.encode(
                            step.create(mel, new Shape(1, frames, config.features())),
                            new long[] {frames},
                            config.context(lookAhead))
                    .frames()
                    .get(":, " + from + ":" + (from + count));
            NDArray logProbabilities = network.ctcLogits(encoded).logSoftmax(-1);
            return greedy.accept(
                    logProbabilities.argMax(-1).toLongArray(),
                    logProbabilities.max(new int[] {-1}).toFloatArray(),
                    firstFrame);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
