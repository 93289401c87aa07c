package io.millrace.models.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.card.ModelCard;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.Hypothesis;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.speech.decoding.TransducerGreedy;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.ChunkPlan;
import io.millrace.models.speech.network.ConvolutionNorm;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;
import io.millrace.models.streaming.DenseStateBatch;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.data.Offset;

import static org.assertj.core.api.Assertions.assertThat;

class FastConformerModelTest {

    private static final int BANDS = 80;
    private static final FastConformerConfig CONFIG = new FastConformerConfig(
            BANDS,
            null,
            2,
            16,
            2,
            2,
            8,
            6,
            5,
            ConvolutionNorm.LAYER_NORM,
            true,
            true,
            List.of(new AttentionContext(12, 3), new AttentionContext(12, 1), new AttentionContext(12, 0)),
            7,
            8,
            2,
            8,
            FastConformerConfig.JointActivation.RELU,
            0,
            0);

    private static SpeechModel folder() {
        Map<String, HostTensor> weights = FastConformerWeights.random(CONFIG, 11);
        ModelCard card = new ModelCard(
                "speech-test", "1", null, SpeechModel.ARCHITECTURE, ModelCard.json(CONFIG), null, Map.of(), null);
        return new SpeechModel(
                card,
                CONFIG,
                new Tokens(Tokens.Kind.CHARACTERS, List.of("a", "b", "c", "d", "e", "f", "g")),
                weights,
                "0");
    }

    /** A stream whose frames come bit by bit. */
    private static final class Stream {
        private final float[] mel;
        private final int frames;
        private final int lookAhead;
        private final DenseStateBatch state;
        private final List<Long> best = new ArrayList<>();
        private final List<Float> bestLogProbabilities = new ArrayList<>();
        private final List<Emission> emissions = new ArrayList<>();
        private int available;
        private long position;

        Stream(FastConformerModel model, int frames, int lookAhead, Random random, NDManager manager) {
            this.frames = frames;
            this.lookAhead = lookAhead;
            this.state = new DenseStateBatch(model.stateSpec(), 1, manager);
            this.mel = new float[frames * BANDS];
            for (int i = 0; i < mel.length; i++) {
                mel[i] = (float) (random.nextGaussian() * 3 - 8);
            }
        }

        Optional<SpeechChunk> next(ChunkPlan plan) {
            Optional<ChunkPlan.Step> step = plan.next(position, available, available == frames, lookAhead);
            return step.map(s -> {
                int from = Math.toIntExact(position) - s.history();
                position += s.fresh();
                return new SpeechChunk(
                        Arrays.copyOfRange(mel, from * BANDS, (from + s.history() + s.fresh()) * BANDS),
                        s.history() + s.fresh(),
                        s.drop(),
                        lookAhead);
            });
        }

        void take(SpeechFrames output) {
            assertThat(output.firstFrame()).isEqualTo(best.size());
            for (int t = 0; t < output.best().length; t++) {
                best.add(output.best()[t]);
                bestLogProbabilities.add(output.bestLogProbabilities()[t]);
            }
            emissions.addAll(output.emissions());
        }
    }

    @Property(tries = 12)
    @Label("tokens of mixed streams, step by step with rings, are those of a pass over each whole stream")
    void streamedEqualsOffline(
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed, @ForAll @IntRange(min = 1, max = 12) int count) {
        Random random = new Random(seed);
        try (NDManager manager = NDManager.newBaseManager();
                FastConformerModel model = new FastConformerModel(folder(), Device.cpu())) {
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int lookAhead = CONFIG.contexts().get(random.nextInt(3)).right();
                streams.add(new Stream(model, 1 + random.nextInt(200), lookAhead, random, manager));
            }
            ChunkPlan plan = new ChunkPlan(CONFIG.subsampling());
            while (streams.stream().anyMatch(stream -> stream.position < stream.frames)) {
                List<Stream> going = new ArrayList<>();
                List<SpeechChunk> chunks = new ArrayList<>();
                for (Stream stream : streams) {
                    stream.available = Math.min(stream.frames, stream.available + random.nextInt(30));
                    stream.next(plan).ifPresent(chunk -> {
                        going.add(stream);
                        chunks.add(chunk);
                    });
                }
                if (!chunks.isEmpty()) {
                    JoinedStates joined =
                            new JoinedStates(going.stream().map(s -> s.state).toList(), manager);
                    List<SpeechFrames> outputs = model.step(chunks, joined);
                    joined.commit();
                    for (int i = 0; i < outputs.size(); i++) {
                        assertThat(model.isFinite(outputs.get(i))).isTrue();
                        going.get(i).take(outputs.get(i));
                    }
                }
            }
            streams.forEach(stream -> assertEqualsOffline(stream, manager));
        }
    }

    private static void assertEqualsOffline(Stream stream, NDManager manager) {
        FastConformer network = new FastConformer(
                CONFIG,
                FastConformerWeights.arrays(CONFIG, folder().weights(), manager),
                CacheContent.PROJECTIONS,
                false);
        FastConformer.Encoded whole = network.encode(
                manager.create(stream.mel, new Shape(1, stream.frames, BANDS)),
                new long[] {stream.frames},
                CONFIG.context(stream.lookAhead));
        NDArray logProbabilities = network.ctcLogits(whole.frames()).logSoftmax(-1);
        float[] expected = logProbabilities.max(new int[] {-1}).toFloatArray();
        assertThat(stream.best)
                .containsExactly(Arrays.stream(logProbabilities.argMax(-1).toLongArray())
                        .boxed()
                        .toArray(Long[]::new));
        for (int t = 0; t < expected.length; t++) {
            assertThat(stream.bestLogProbabilities.get(t)).isCloseTo(expected[t], Offset.offset(1e-4f));
        }
        TransducerGreedy greedy = TransducerGreedy.of(network, CONFIG);
        List<Emission> emissions = greedy.decode(
                        whole.frames(), whole.lengths(), new long[1], new int[1], greedy.start(manager, 1))
                .emissions()
                .get(0);
        assertThat(stream.emissions).hasSameSizeAs(emissions);
        for (int i = 0; i < emissions.size(); i++) {
            Emission streamed = stream.emissions.get(i);
            assertThat(streamed.token()).isEqualTo(emissions.get(i).token());
            assertThat(streamed.frame()).isEqualTo(emissions.get(i).frame());
            assertThat(streamed.logProbability()).isCloseTo(emissions.get(i).logProbability(), Offset.offset(1e-4f));
        }
    }

    @Example
    @Label(
            "the embedding of a chunk is the mean of its encoder frames, given where it is asked for, and changes nothing")
    void embedsWhereAsked() {
        Random random = new Random(3);
        try (NDManager manager = NDManager.newBaseManager();
                FastConformerModel model = new FastConformerModel(folder(), Device.cpu())) {
            List<Stream> plain = new ArrayList<>();
            List<Stream> asked = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                plain.add(new Stream(model, 120, i < 2 ? 1 : 0, random, manager));
                asked.add(new Stream(model, 120, i < 2 ? 1 : 0, random, manager));
                System.arraycopy(plain.get(i).mel, 0, asked.get(i).mel, 0, plain.get(i).mel.length);
            }
            ChunkPlan plan = new ChunkPlan(CONFIG.subsampling());
            double[][] sums = new double[3][CONFIG.width()];
            while (plain.stream().anyMatch(stream -> stream.position < stream.frames)) {
                step(model, plain, plan, manager, chunk -> chunk)
                        .values()
                        .forEach(output -> assertThat(output.embedding()).isEmpty());
                UnaryOperator<SpeechChunk> asking = chunk ->
                        new SpeechChunk(chunk.mel(), chunk.frames(), chunk.drop(), chunk.lookAhead(), List.of(), true);
                step(model, asked, plan, manager, asking).forEach((i, output) -> {
                    int frames = output.best().length;
                    assertThat(output.embedding()).hasSize(frames == 0 ? 0 : CONFIG.width());
                    for (int c = 0; c < output.embedding().length; c++) {
                        sums[i][c] += (double) frames * output.embedding()[c];
                    }
                });
            }
            FastConformer network = new FastConformer(
                    CONFIG,
                    FastConformerWeights.arrays(CONFIG, folder().weights(), manager),
                    CacheContent.PROJECTIONS,
                    false);
            for (int i = 0; i < 3; i++) {
                assertThat(asked.get(i).best).isEqualTo(plain.get(i).best);
                float[] expected = network.encode(
                                manager.create(asked.get(i).mel, new Shape(1, 120, BANDS)),
                                new long[] {120},
                                CONFIG.context(asked.get(i).lookAhead))
                        .frames()
                        .sum(new int[] {0, 1})
                        .toFloatArray();
                for (int c = 0; c < expected.length; c++) {
                    assertThat(sums[i][c]).isCloseTo(expected[c], Offset.offset(1e-3));
                }
            }
        }
    }

    /** A chunk of each stream that is not over in one call; what it gave by the number of the stream. */
    private static Map<Integer, SpeechFrames> step(
            FastConformerModel model,
            List<Stream> streams,
            ChunkPlan plan,
            NDManager manager,
            UnaryOperator<SpeechChunk> asking) {
        List<Integer> going = new ArrayList<>();
        List<SpeechChunk> chunks = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            streams.get(i).available = streams.get(i).frames;
            Optional<SpeechChunk> chunk = streams.get(i).next(plan);
            if (chunk.isPresent()) {
                going.add(i);
                chunks.add(asking.apply(chunk.get()));
            }
        }
        JoinedStates joined =
                new JoinedStates(going.stream().map(i -> streams.get(i).state).toList(), manager);
        List<SpeechFrames> outputs = model.step(chunks, joined);
        joined.commit();
        Map<Integer, SpeechFrames> given = new TreeMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            streams.get(going.get(i)).take(outputs.get(i));
            given.put(going.get(i), outputs.get(i));
        }
        return given;
    }

    @Property(tries = 8)
    @Label("a transcript does not depend on how the audio is cut")
    void transcribesTheSameHoweverAudioIsCut(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Random random = new Random(seed);
        float[] audio = new float[1 + random.nextInt(40_000)];
        for (int i = 0; i < audio.length; i++) {
            audio[i] = (float) (0.3 * Math.sin(i * 0.05 * (1 + i / 9000)) + 0.05 * random.nextGaussian());
        }
        UtteranceDecoder.Head head = random.nextBoolean() ? UtteranceDecoder.Head.CTC : UtteranceDecoder.Head.RNNT;
        Transcriber.Settings settings = new Transcriber.Settings(
                CONFIG.contexts().get(random.nextInt(3)).right(), head, 0.24);
        Search search = random.nextBoolean() ? Search.greedy(head) : new Search(head, 3, List.of("bad"), 1);
        try (FastConformerModel model =
                new FastConformerModel(folder(), Device.cpu(), search, CachePrecision.FLOAT32)) {
            List<Hypothesis> whole = finals(model, settings, audio, audio.length, random);
            assertThat(words(finals(model, settings, audio, 1600, random))).isEqualTo(words(whole));
        }
    }

    @Example
    @Label("a past that is kept with 16 bits says nearly the same")
    void halfOfTheCacheIsNearlyAsGood() {
        Random random = new Random(7);
        try (NDManager manager = NDManager.newBaseManager();
                FastConformerModel exact = new FastConformerModel(folder(), Device.cpu());
                FastConformerModel half = new FastConformerModel(
                        folder(), Device.cpu(), Search.greedy(UtteranceDecoder.Head.CTC), CachePrecision.FLOAT16)) {
            long ring = exact.stateSpec().tensors().get(0).bytes();
            assertThat(half.stateSpec().bytesPerKey())
                    .isEqualTo(exact.stateSpec().bytesPerKey() - ring / 2);
            Stream first = new Stream(exact, 200, 1, random, manager);
            Stream second = new Stream(half, 200, 1, random, manager);
            System.arraycopy(first.mel, 0, second.mel, 0, first.mel.length);
            hear(exact, first);
            hear(half, second);
            assertThat(second.best).hasSameSizeAs(first.best);
            for (int t = 0; t < first.best.size(); t++) {
                assertThat(second.bestLogProbabilities.get(t))
                        .isCloseTo(first.bestLogProbabilities.get(t), Offset.offset(5e-3f));
            }
            assertThat(second.bestLogProbabilities).isNotEqualTo(first.bestLogProbabilities);
        }
    }

    private static void hear(FastConformerModel model, Stream stream) {
        ChunkPlan plan = new ChunkPlan(CONFIG.subsampling());
        stream.available = stream.frames;
        while (stream.position < stream.frames) {
            stream.next(plan).ifPresent(chunk -> {
                stream.take(model.step(List.of(chunk), stream.state).get(0));
                stream.state.commit();
            });
        }
    }

    @Example
    @Label("a stream that goes on for long leaves nothing behind in the engine")
    void holdsNoMoreArraysTheLongerItHears() {
        Transcriber.Settings settings = new Transcriber.Settings(0, UtteranceDecoder.Head.RNNT, 0.24);
        float[] audio = new float[3200];
        Random random = new Random(5);
        for (int i = 0; i < audio.length; i++) {
            audio[i] = (float) (0.1 * random.nextGaussian());
        }
        try (FastConformerModel model = new FastConformerModel(folder(), Device.cpu());
                Transcriber transcriber = new Transcriber(model, folder().tokens(), settings)) {
            transcriber.accept(audio, audio.length);
            int held = model.arraysHeld();
            for (int i = 0; i < 20; i++) {
                transcriber.accept(audio, audio.length);
            }
            assertThat(model.arraysHeld()).isEqualTo(held);
        }
    }

    private static List<String> words(List<Hypothesis> finals) {
        return finals.stream()
                .map(hypothesis -> hypothesis.words().stream()
                        .map(word -> word.text() + "@" + Math.round(word.startSeconds() * 1000))
                        .toList()
                        .toString())
                .toList();
    }

    private static List<Hypothesis> finals(
            FastConformerModel model, Transcriber.Settings settings, float[] audio, int most, Random random) {
        List<Hypothesis> finals = new ArrayList<>();
        try (Transcriber transcriber = new Transcriber(model, folder().tokens(), settings)) {
            int from = 0;
            while (from < audio.length) {
                int count = Math.min(audio.length - from, most == audio.length ? most : 1 + random.nextInt(most));
                finals.addAll(transcriber.accept(Arrays.copyOfRange(audio, from, from + count), count));
                from += count;
            }
            finals.addAll(transcriber.finish());
        }
        finals.removeIf(hypothesis -> !hypothesis.isFinal());
        return finals;
    }
}
