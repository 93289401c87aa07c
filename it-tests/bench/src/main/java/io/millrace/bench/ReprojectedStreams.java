package io.millrace.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.decoding.TransducerGreedy;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;

/** The network with caches as the reference has them, all streams in one batch, both heads. */
final class ReprojectedStreams implements SpeechBench.Stepper {

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final FastConformerConfig config;
    private final FastConformer network;
    private final TransducerGreedy greedy;
    private final AttentionContext context;
    private final SpeechChunk[] pool;
    private final int streams;
    private NDManager held = manager.newSubManager();
    private FastConformer.Caches caches;
    private TransducerGreedy.State state;
    private int[] silent;
    private long round;

    ReprojectedStreams(SpeechWorkload workload, int streams) {
        SpeechModel folder = workload.folder();
        this.config = folder.config();
        this.streams = streams;
        Map<String, NDArray> weights = FastConformerWeights.arrays(config, folder.weights(), manager);
        this.network = new FastConformer(config, weights, CacheContent.INPUTS, false);
        this.greedy = TransducerGreedy.of(network, config);
        this.context = config.context(workload.lookAhead());
        this.pool = workload.chunks(config);
        this.caches = FastConformer.Caches.empty(config, context, CacheContent.INPUTS, held, streams);
        this.state = greedy.start(held, streams);
        this.silent = new int[streams];
    }

    @Override
    public int step() {
        NDManager next = manager.newSubManager();
        try (NDManager scratch = manager.newSubManager()) {
            int frames = pool[0].frames();
            int size = frames * config.features();
            float[] mel = new float[streams * size];
            long[] lengths = new long[streams];
            for (int i = 0; i < streams; i++) {
                System.arraycopy(pool[SpeechWorkload.chunk(i, round)].mel(), 0, mel, i * size, size);
            }
            Arrays.fill(lengths, frames);
            FastConformer.Step step = network.step(
                    scratch.create(mel, new Shape(streams, frames, config.features())),
                    lengths,
                    pool[0].drop(),
                    context,
                    caches);
            TransducerGreedy.Result decoded =
                    greedy.decode(step.encoded().frames(), step.encoded().lengths(), new long[streams], silent, state);
            NDArray logProbabilities =
                    network.ctcLogits(step.encoded().frames()).logSoftmax(-1);
            logProbabilities.argMax(-1).toLongArray();
            logProbabilities.max(new int[] {-1}).toFloatArray();
            caches = step.caches();
            caches.layers().forEach(layer -> keep(next, layer.past(), layer.convolution()));
            state = decoded.state();
            silent = decoded.silent();
            keep(next, state.predicted(), state.state().hidden(), state.state().cell());
        }
        held.close();
        held = next;
        round++;
        return streams;
    }

    private static void keep(NDManager manager, NDArray... arrays) {
        for (NDArray array : List.of(arrays)) {
            array.attach(manager);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
