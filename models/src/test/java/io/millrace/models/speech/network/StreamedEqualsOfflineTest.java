package io.millrace.models.speech.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StreamedEqualsOfflineTest {

    private static final int BANDS = 80;
    private static final float TOLERANCE = 1e-4f;
    private static final List<AttentionContext> CONTEXTS =
            List.of(new AttentionContext(12, 3), new AttentionContext(12, 1), new AttentionContext(12, 0));

    private static FastConformerConfig config(int subsampling, ConvolutionNorm norm) {
        return new FastConformerConfig(
                BANDS,
                new FastConformerConfig.FeatureScaling(8, 4),
                2,
                16,
                2,
                2,
                subsampling,
                6,
                5,
                norm,
                true,
                true,
                CONTEXTS,
                7,
                8,
                1,
                8,
                FastConformerConfig.JointActivation.RELU,
                0.1f,
                0.1f);
    }

    /** A stream that takes its mel frames in pieces. */
    private static final class Stream {
        private final float[] mel;
        private final int frames;
        private final AttentionContext context;
        private final List<float[]> outputs = new ArrayList<>();
        private int available;
        private long position;
        private FastConformer.Caches caches;

        Stream(int frames, AttentionContext context, Random random) {
            this.frames = frames;
            this.context = context;
            this.mel = new float[frames * BANDS];
            for (int i = 0; i < mel.length; i++) {
                mel[i] = (float) (random.nextGaussian() * 3 - 8);
            }
        }
    }

    @Property(tries = 25)
    @Label("any look-ahead, length, arrival of frames and company in the batch give what one pass over the whole gives")
    void streamedEqualsOffline(
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
            @ForAll @IntRange(min = 1, max = 16) int streams,
            @ForAll boolean fourfold,
            @ForAll boolean projections) {
        FastConformerConfig config =
                config(fourfold ? 4 : 8, fourfold ? ConvolutionNorm.BATCH_NORM : ConvolutionNorm.LAYER_NORM);
        Random random = new Random(seed);
        List<Stream> all = new ArrayList<>();
        for (int b = 0; b < streams; b++) {
            int frames = 1 + random.nextInt(random.nextBoolean() ? 20 : 150);
            all.add(new Stream(frames, CONTEXTS.get(random.nextInt(CONTEXTS.size())), random));
        }
        check(config, all, projections ? CacheContent.PROJECTIONS : CacheContent.INPUTS, random);
    }

    @Test
    void everyLengthFromOneFrameAtEveryLookAhead() {
        FastConformerConfig config = config(8, ConvolutionNorm.LAYER_NORM);
        Random random = new Random(5);
        List<Stream> all = new ArrayList<>();
        for (int frames = 1; frames < 60; frames++) {
            for (AttentionContext context : CONTEXTS) {
                all.add(new Stream(frames, context, random));
            }
        }
        check(config, all, CacheContent.PROJECTIONS, random);
    }

    private static void check(FastConformerConfig config, List<Stream> all, CacheContent content, Random random) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> weights =
                    FastConformerWeights.arrays(config, FastConformerWeights.random(config, 3), manager);
            // Biases are zero to begin with, and would hide what leaks out of padding.
            weights.forEach((name, weight) -> {
                if (name.contains("bias")) {
                    weight.addi(manager.randomUniform(-0.3f, 0.3f, weight.getShape()));
                }
            });
            FastConformer network = new FastConformer(config, weights, content, false);
            for (Stream stream : all) {
                stream.caches = FastConformer.Caches.empty(config, stream.context, content, manager, 1);
            }
            ChunkPlan plan = new ChunkPlan(config.subsampling());
            while (all.stream().anyMatch(stream -> stream.position < stream.frames)) {
                all.forEach(
                        stream -> stream.available = Math.min(stream.frames, stream.available + random.nextInt(30)));
                round(network, plan, all, config, manager);
            }
            for (Stream stream : all) {
                FastConformer.Encoded whole = network.encode(
                        manager.create(stream.mel, new Shape(1, stream.frames, BANDS)),
                        new long[] {stream.frames},
                        stream.context);
                assertThat(flat(stream.outputs))
                        .as("%d mel frames at %s", stream.frames, stream.context)
                        .usingComparatorWithPrecision(TOLERANCE)
                        .containsExactly(whole.frames().toFloatArray());
            }
        }
    }

    /** One step of all streams that can go on; those that drop as much and look as far ahead share a batch. */
    private static void round(
            FastConformer network, ChunkPlan plan, List<Stream> all, FastConformerConfig config, NDManager manager) {
        Map<List<Integer>, List<Stream>> groups = new LinkedHashMap<>();
        Map<Stream, ChunkPlan.Step> steps = new LinkedHashMap<>();
        for (Stream stream : all) {
            plan.next(stream.position, stream.available, stream.available == stream.frames, stream.context.right())
                    .ifPresent(step -> {
                        steps.put(stream, step);
                        groups.computeIfAbsent(
                                        List.of(step.drop(), stream.context.right()), ignored -> new ArrayList<>())
                                .add(stream);
                    });
        }
        groups.forEach((key, group) -> {
            int most = group.stream()
                    .mapToInt(s -> steps.get(s).history() + steps.get(s).fresh())
                    .max()
                    .orElseThrow();
            float[] mel = new float[group.size() * most * BANDS];
            java.util.Arrays.fill(mel, 99);
            long[] lengths = new long[group.size()];
            for (int b = 0; b < lengths.length; b++) {
                Stream stream = group.get(b);
                ChunkPlan.Step step = steps.get(stream);
                lengths[b] = step.history() + step.fresh();
                System.arraycopy(
                        stream.mel,
                        (int) (stream.position - step.history()) * BANDS,
                        mel,
                        b * most * BANDS,
                        (int) lengths[b] * BANDS);
            }
            FastConformer.Step result = network.step(
                    manager.create(mel, new Shape(lengths.length, most, BANDS)),
                    lengths,
                    key.get(0),
                    group.get(0).context,
                    together(group));
            for (int b = 0; b < lengths.length; b++) {
                Stream stream = group.get(b);
                stream.position += steps.get(stream).fresh();
                stream.outputs.add(result.encoded()
                        .frames()
                        .get(b + ", :" + result.encoded().lengths()[b])
                        .toFloatArray());
                stream.caches = alone(result.caches(), b);
            }
        });
    }

    private static FastConformer.Caches together(List<Stream> group) {
        int layers = group.get(0).caches.layers().size();
        List<LayerCache> merged = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            NDList past = new NDList();
            NDList convolution = new NDList();
            for (Stream stream : group) {
                past.add(stream.caches.layers().get(i).past());
                convolution.add(stream.caches.layers().get(i).convolution());
            }
            merged.add(new LayerCache(NDArrays.concat(past, 0), NDArrays.concat(convolution, 0)));
        }
        return new FastConformer.Caches(
                merged,
                group.stream().mapToLong(stream -> stream.caches.filled()[0]).toArray());
    }

    private static FastConformer.Caches alone(FastConformer.Caches caches, int item) {
        String which = item + ":" + (item + 1);
        return new FastConformer.Caches(
                caches.layers().stream()
                        .map(layer -> new LayerCache(
                                layer.past().get(which), layer.convolution().get(which)))
                        .toList(),
                new long[] {caches.filled()[item]});
    }

    private static float[] flat(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
