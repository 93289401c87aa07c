package io.millrace.models.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.decoding.BeamSearch;
import io.millrace.models.speech.decoding.Beams;
import io.millrace.models.speech.decoding.CtcBeam;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.PhraseBoost;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.speech.decoding.TransducerBeam;
import io.millrace.models.speech.decoding.TransducerGreedy;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.frontend.Loudness;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.ChunkPlan;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformer.PredictionState;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.network.RingEncoder;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.SharedUse;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.streaming.TensorSpec;

/**
 * A {@link FastConformer} chunk by chunk over many streams: the keys and values of the last L frames of a stream, the
 * inputs of its convolutions and the state of its prediction network are its state, so that no frame is computed twice.
 *
 * <p>Streams of one call may look ahead differently far, and may change that at any chunk border; those that do alike
 * share the network's operations.
 */
public final class FastConformerModel implements StreamingModel<SpeechChunk, SpeechFrames> {

    private static final int RING = 0;
    private static final int CONVOLUTION = 1;
    private static final int POSITION = 2;
    /** First tensor of the search. */
    private static final int SEARCH = 3;

    /** Mel energy of digital silence. */
    private static final float SILENCE = (float) Math.log(0x1p-24);

    private static final int TRIAL_CHUNKS = 3;

    private final ModelId id;
    private final FastConformerConfig config;
    private final Device device;
    private final NDManager owner;
    private final SharedUse users;
    private final FastConformer network;
    private final RingEncoder encoder;
    private final CachePrecision precision;
    private final TransducerGreedy greedy;
    private final TransducerGreedy.State start;
    private final UtteranceDecoder.Head head;
    private final BeamSearch beam;
    private final StreamPhrases phrases;
    private final StateSpec spec;
    private boolean closed;

    /** A model over copies of the weights in a folder, which takes the best token and keeps 32 bits. */
    public FastConformerModel(SpeechModel folder, Device device) {
        this(folder, device, Search.greedy(UtteranceDecoder.Head.RNNT), CachePrecision.FLOAT32);
    }

    /**
     * A model over copies of the weights in a folder.
     *
     * @throws IllegalArgumentException if the model's tokens cannot say a phrase of the search
     */
    public FastConformerModel(SpeechModel folder, Device device, Search search, CachePrecision precision) {
        this.id = folder.card().id();
        this.config = folder.config();
        this.device = device;
        this.owner = NDManager.newBaseManager(device, "PyTorch");
        this.users = new SharedUse();
        Map<String, NDArray> weights = FastConformerWeights.arrays(config, folder.weights(), owner);
        this.network = new FastConformer(config, weights, CacheContent.PROJECTIONS, false);
        this.encoder = new RingEncoder(config, network, weights);
        this.greedy = TransducerGreedy.of(network, config);
        this.start = greedy.start(owner, 1);
        this.precision = precision;
        this.head = search.head();
        this.beam = search.isGreedy() ? null : beam(search);
        this.phrases = new StreamPhrases(folder.tokens(), search);
        List<TensorSpec> tensors = new ArrayList<>(List.of(
                new TensorSpec("ring", precision.type(), new Shape(encoder.slots(), encoder.rowWidth()), true),
                new TensorSpec(
                        "convolution",
                        DataType.FLOAT32,
                        new Shape(config.layers(), config.width(), config.kernel() - 1L)),
                new TensorSpec("position", DataType.INT64, new Shape(1))));
        tensors.addAll(beam == null ? greedyState() : beam.state());
        this.spec = new StateSpec(tensors, layout(search));
    }

    /** Hypotheses are kept by their places in the phrases, so those belong to the layout. */
    private static String layout(Search search) {
        return search.isGreedy()
                ? "greedy"
                : "head " + search.head() + ", beam " + search.beam() + ", boost " + search.phraseBoost() + ", phrases "
                        + search.phrases();
    }

    private BeamSearch beam(Search search) {
        return switch (search.head()) {
            case CTC -> new CtcBeam(config.blank(), search.beam());
            case RNNT -> new TransducerBeam(network, config, search.beam());
        };
    }

    private List<TensorSpec> greedyState() {
        Shape layers = new Shape(config.predictionLayers(), config.predictionWidth());
        return List.of(
                new TensorSpec("predicted", DataType.FLOAT32, new Shape(config.jointWidth())),
                new TensorSpec("hidden", DataType.FLOAT32, layers),
                new TensorSpec("cell", DataType.FLOAT32, layers));
    }

    private FastConformerModel(FastConformerModel other) {
        this.id = other.id;
        this.config = other.config;
        this.device = other.device;
        this.owner = other.owner;
        this.users = other.users;
        this.network = other.network;
        this.encoder = other.encoder;
        this.precision = other.precision;
        this.greedy = other.greedy;
        this.start = other.start;
        this.head = other.head;
        this.beam = other.beam;
        this.phrases = other.phrases;
        this.spec = other.spec;
    }

    /** Another user of the same weights, on any thread; the last to close frees them. */
    public FastConformerModel share() {
        if (!users.enter()) {
            throw new IllegalStateException("model " + id + " is closed");
        }
        return new FastConformerModel(this);
    }

    @Override
    public ModelId id() {
        return id;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public StateSpec stateSpec() {
        return spec;
    }

    public FastConformerConfig config() {
        return config;
    }

    private record Group(int drop, int lookAhead) {}

    /** What the streams of a group leave behind, in the order of {@code items}. */
    private record Part(int[] items, NDArray convolution, int[] silent, List<NDArray> search) {}

    @Override
    public List<SpeechFrames> step(List<SpeechChunk> chunks, StateBatch states) {
        Map<Group, List<Integer>> groups = new LinkedHashMap<>();
        for (int b = 0; b < chunks.size(); b++) {
            SpeechChunk chunk = chunks.get(b);
            if (chunk.mel().length != chunk.frames() * config.features()) {
                throw new IllegalArgumentException("model " + id + " takes " + config.features()
                        + " features a frame, got " + chunk.mel().length / chunk.frames());
            }
            config.context(chunk.lookAhead());
            groups.computeIfAbsent(new Group(chunk.drop(), chunk.lookAhead()), ignored -> new ArrayList<>())
                    .add(b);
        }
        long[] kept = states.get(POSITION).toLongArray();
        long[] positions = Arrays.stream(kept).map(StreamPosition::frames).toArray();
        int[] silent = Arrays.stream(kept).mapToInt(StreamPosition::silent).toArray();
        SpeechFrames[] outputs = new SpeechFrames[chunks.size()];
        List<Part> parts = new ArrayList<>();
        groups.forEach((group, members) -> parts.add(part(
                group,
                members.stream().mapToInt(Integer::intValue).toArray(),
                chunks,
                states,
                positions,
                silent,
                outputs)));
        put(parts, states, positions, silent, outputs);
        return Arrays.asList(outputs);
    }

    private Part part(
            Group group,
            int[] items,
            List<SpeechChunk> chunks,
            StateBatch states,
            long[] positions,
            int[] silent,
            SpeechFrames[] outputs) {
        NDManager manager = states.manager();
        int most = 0;
        for (int item : items) {
            most = Math.max(most, chunks.get(item).frames());
        }
        int features = config.features();
        float[] mel = new float[items.length * most * features];
        long[] lengths = new long[items.length];
        long[] before = new long[items.length];
        int[] silentBefore = new int[items.length];
        for (int i = 0; i < items.length; i++) {
            SpeechChunk chunk = chunks.get(items[i]);
            lengths[i] = chunk.frames();
            before[i] = positions[items[i]];
            silentBefore[i] = silent[items[i]];
            System.arraycopy(chunk.mel(), 0, mel, i * most * features, chunk.mel().length);
        }
        boolean all = items.length == chunks.size();
        NDArray chosen =
                all ? null : manager.create(Arrays.stream(items).asLongStream().toArray());
        RingEncoder.Step step = encoder.step(
                manager.create(mel, new Shape(items.length, most, features)),
                lengths,
                group.drop(),
                config.context(group.lookAhead()),
                ring(states, chosen, items.length),
                chosen(states, CONVOLUTION, chosen),
                before);
        write(items, step, before, states);
        long[] valid = step.encoded().lengths();
        NDArray logProbabilities = network.ctcLogits(step.encoded().frames()).logSoftmax(-1);
        Found found = beam == null
                ? greedily(step.encoded(), states, chosen, before, silentBefore)
                : byBeam(
                        head == UtteranceDecoder.Head.CTC
                                ? logProbabilities
                                : step.encoded().frames(),
                        valid,
                        states,
                        chosen,
                        before,
                        silentBefore,
                        boosts(items, chunks));
        long[] best = logProbabilities.argMax(-1).toLongArray();
        float[] probability = logProbabilities.max(new int[] {-1}).toFloatArray();
        int steps = best.length / items.length;
        for (int i = 0; i < items.length; i++) {
            int from = i * steps;
            int to = from + Math.toIntExact(valid[i]);
            outputs[items[i]] = new SpeechFrames(
                    before[i],
                    Arrays.copyOfRange(best, from, to),
                    Arrays.copyOfRange(probability, from, to),
                    found.emissions().get(i),
                    found.beams().get(i),
                    chunks.get(items[i]).embedded() ? embedding(step.encoded().frames(), i, valid[i]) : new float[0],
                    levels(chunks.get(items[i])));
        }
        return new Part(items, step.convolution(), found.silent(), found.state());
    }

    private byte[] levels(SpeechChunk chunk) {
        int history = new ChunkPlan(config.subsampling()).history(chunk.drop());
        return Loudness.of(chunk.mel(), config.features(), history, chunk.frames());
    }

    private static float[] embedding(NDArray frames, int item, long valid) {
        return valid == 0
                ? new float[0]
                : frames.get(new NDIndex("{}, :{}", item, valid))
                        .mean(new int[] {0})
                        .toFloatArray();
    }

    /** What the search found in a chunk of each stream, and keeps. */
    private record Found(List<List<Emission>> emissions, List<Beams> beams, int[] silent, List<NDArray> state) {}

    private Found greedily(
            FastConformer.Encoded encoded, StateBatch states, NDArray items, long[] before, int[] silent) {
        TransducerGreedy.Result decoded =
                greedy.decode(encoded.frames(), encoded.lengths(), before, silent, predictor(states, items, before));
        TransducerGreedy.State after = decoded.state();
        return new Found(
                decoded.emissions(),
                Collections.nCopies(before.length, null),
                decoded.silent(),
                List.of(
                        after.predicted(),
                        after.state().hidden().swapAxes(0, 1),
                        after.state().cell().swapAxes(0, 1)));
    }

    private List<PhraseBoost> boosts(int[] items, List<SpeechChunk> chunks) {
        List<PhraseBoost> boosts = new ArrayList<>();
        for (int item : items) {
            boosts.add(phrases.with(chunks.get(item).phrases()));
        }
        return boosts;
    }

    private Found byBeam(
            NDArray frames,
            long[] lengths,
            StateBatch states,
            NDArray items,
            long[] before,
            int[] silent,
            List<PhraseBoost> boosts) {
        boolean[] begins = new boolean[before.length];
        for (int i = 0; i < begins.length; i++) {
            begins[i] = before[i] == 0;
        }
        List<NDArray> kept = new ArrayList<>();
        for (int tensor = SEARCH; tensor < spec.tensors().size(); tensor++) {
            kept.add(chosen(states, tensor, items));
        }
        BeamSearch.Result result = beam.search(frames, lengths, begins, silent, boosts, kept);
        return new Found(
                Collections.nCopies(before.length, List.of()), result.beams(), result.silent(), result.state());
    }

    /** Read in place unless most of what lies there is of other streams. */
    private static StateBatch.Resident ring(StateBatch states, NDArray items, int count) {
        StateBatch.Resident all = states.resident(RING);
        if (items == null) {
            return all;
        }
        NDArray places = all.places() == null ? items : all.places().get(items);
        return 2 * count >= all.rows().getShape().get(0)
                ? new StateBatch.Resident(all.rows(), places)
                : new StateBatch.Resident(all.rows().get(places), null);
    }

    private static NDArray chosen(StateBatch states, int tensor, NDArray items) {
        NDArray all = states.get(tensor);
        return items == null ? all : all.get(items);
    }

    /** New keys and values into the rows that are theirs, those of padding nowhere. */
    private void write(int[] items, RingEncoder.Step step, long[] before, StateBatch states) {
        long[] valid = step.encoded().lengths();
        int steps = Math.toIntExact(step.rows().getShape().get(1));
        int count = (int) Arrays.stream(valid).sum();
        long[] keys = new long[count];
        long[] rows = new long[count];
        long[] from = new long[count];
        int at = 0;
        for (int i = 0; i < items.length; i++) {
            for (int t = 0; t < valid[i]; t++) {
                keys[at] = items[i];
                rows[at] = (before[i] + t) % encoder.slots();
                from[at++] = (long) i * steps + t;
            }
        }
        if (count == 0) {
            return;
        }
        NDManager manager = states.manager();
        NDArray flat = step.rows().reshape(-1, step.rows().getShape().get(2)).toType(precision.type(), false);
        states.putRows(
                RING,
                manager.create(keys),
                manager.create(rows),
                count == flat.getShape().get(0) ? flat : flat.get(manager.create(from)));
    }

    /** The prediction network's state; a stream that begins has that of the start of an utterance. */
    private TransducerGreedy.State predictor(StateBatch states, NDArray items, long[] before) {
        float[] begins = new float[before.length];
        for (int i = 0; i < begins.length; i++) {
            begins[i] = before[i] == 0 ? 1 : 0;
        }
        NDArray first = states.manager().create(begins, new Shape(begins.length, 1));
        // Of each stream [layers, H], to be [layers, B, H].
        NDArray hidden = chosen(states, SEARCH + 1, items).swapAxes(0, 1);
        NDArray cell = chosen(states, SEARCH + 2, items).swapAxes(0, 1);
        return start.where(
                first, new TransducerGreedy.State(chosen(states, SEARCH, items), new PredictionState(hidden, cell)));
    }

    /** Puts what the groups leave behind back into the order of the batch. */
    private void put(List<Part> parts, StateBatch states, long[] positions, int[] silent, SpeechFrames[] outputs) {
        NDManager manager = states.manager();
        long[] order = new long[outputs.length];
        int at = 0;
        NDList convolution = new NDList();
        for (Part part : parts) {
            for (int i = 0; i < part.items().length; i++) {
                order[part.items()[i]] = at++;
                silent[part.items()[i]] = part.silent()[i];
            }
            convolution.add(part.convolution());
        }
        NDArray index = parts.size() == 1 ? null : manager.create(order);
        states.put(CONVOLUTION, ordered(convolution, index));
        for (int tensor = SEARCH; tensor < spec.tensors().size(); tensor++) {
            NDList kept = new NDList();
            for (Part part : parts) {
                kept.add(part.search().get(tensor - SEARCH));
            }
            states.put(tensor, ordered(kept, index));
        }
        long[] after = positions.clone();
        for (int b = 0; b < after.length; b++) {
            after[b] = StreamPosition.of(after[b] + outputs[b].best().length, silent[b]);
        }
        states.put(POSITION, manager.create(after, new Shape(after.length, 1)));
    }

    private static NDArray ordered(NDList parts, NDArray index) {
        return index == null ? parts.get(0) : NDArrays.concat(parts, 0).get(index);
    }

    /** Arrays that live as long as the model. */
    int arraysHeld() {
        return owner.getManagedArrays().size();
    }

    /** Silence at every look-ahead. */
    @Override
    public List<List<SpeechChunk>> trialInputs() {
        ChunkPlan plan = new ChunkPlan(config.subsampling());
        List<List<SpeechChunk>> streams = new ArrayList<>();
        for (int lookAhead : config.contexts().stream()
                .mapToInt(AttentionContext::right)
                .distinct()
                .toArray()) {
            List<SpeechChunk> stream = new ArrayList<>();
            long position = 0;
            for (int i = 0; i < TRIAL_CHUNKS; i++) {
                ChunkPlan.Step step =
                        plan.next(position, Long.MAX_VALUE, false, lookAhead).orElseThrow();
                position += step.fresh();
                int frames = step.history() + step.fresh();
                float[] mel = new float[frames * config.features()];
                Arrays.fill(mel, SILENCE);
                stream.add(new SpeechChunk(mel, frames, step.drop(), lookAhead));
            }
            streams.add(stream);
        }
        return streams;
    }

    @Override
    public boolean isFinite(SpeechFrames output) {
        for (float value : output.embedding()) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        for (float value : output.bestLogProbabilities()) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        for (Emission emission : output.emissions()) {
            if (!Float.isFinite(emission.logProbability())) {
                return false;
            }
        }
        return output.beams() == null || output.beams().isFinite();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (users.leave()) {
                encoder.close();
                owner.close();
            }
        }
    }
}
