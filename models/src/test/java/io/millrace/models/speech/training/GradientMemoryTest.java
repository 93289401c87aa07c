package io.millrace.models.speech.training;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.torch.EngineSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The backward pass reads what the forward pass left: a garbage collection between them must not take it away. */
class GradientMemoryTest {

    private final FastConformerConfig config = config();
    private final List<Examples.Example> batch = List.of(example(70, 1), example(100, 2, 3), example(90));

    private static FastConformerConfig config() {
        SpeechTrainingOptions options = new SpeechTrainingOptions();
        options.layers = 1;
        options.width = 16;
        options.heads = 2;
        options.subsamplingChannels = 4;
        options.dropout = 0;
        options.headDropout = 0;
        return options.config(5);
    }

    private Examples.Example example(int frames, int... tokens) {
        Random random = new Random(frames);
        float[] mel = new float[frames * config.features()];
        for (int i = 0; i < mel.length; i++) {
            mel[i] = (float) (random.nextGaussian() - 8);
        }
        int[] labels = new int[Math.toIntExact(config.encoderFrames(frames))];
        return new Examples.Example(mel, frames, tokens, labels);
    }

    private Map<String, float[]> gradients(boolean collected) {
        EngineSettings.singleThreaded().apply();
        Engine engine = Engine.getEngine("PyTorch");
        Map<String, float[]> gradients = new TreeMap<>();
        try (NDManager manager = engine.newBaseManager(Device.cpu());
                HybridLoss loss = new HybridLoss(config, new SpeechTrainingOptions(), Device.cpu())) {
            Map<String, NDArray> weights =
                    FastConformerWeights.arrays(config, FastConformerWeights.random(config, 1), manager);
            weights.values().forEach(weight -> weight.setRequiresGradient(true));
            FastConformer network = new FastConformer(config, weights, CacheContent.PROJECTIONS, true);
            try (NDManager scratch = manager.newSubManager();
                    GradientCollector collector = engine.newGradientCollector()) {
                NDArray gradient = loss.of(network, batch, config.context(6), true, scratch)
                        .gradient();
                if (collected) {
                    overwriteFreed();
                }
                collector.backward(gradient);
            }
            weights.forEach((name, weight) -> {
                try (NDArray gradient = weight.getGradient()) {
                    gradients.put(name, gradient.toFloatArray());
                }
            });
        }
        return gradients;
    }

    /** Collects, waits for the memory of what was collected to be freed, and writes over it. */
    private static void overwriteFreed() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        try (NDManager other = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
            for (int i = 0; i < 2000; i++) {
                other.create(1e9f);
            }
        }
    }

    @Test
    void gradientsDoNotDependOnTheGarbageCollector() {
        Map<String, float[]> undisturbed = gradients(false);
        Map<String, float[]> disturbed = gradients(true);

        undisturbed.forEach(
                (name, values) -> assertThat(disturbed.get(name)).as(name).containsExactly(values));
    }
}
