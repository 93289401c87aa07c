package io.millrace.models.speech.parity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.parity.ParityReport;
import io.millrace.models.speech.decoding.CtcGreedy;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.TransducerGreedy;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformer.Caches;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.LayerCache;

/** The cases {@code stream/}: chunk by chunk with both kinds of caches, and offline. */
final class FastConformerStreamParity {

    private static final int MOST_SYMBOLS = 10;

    private final JsonNode settings;
    private final FastConformerConfig config;
    private final Map<String, HostTensor> cases;
    private final ParityReport report;

    FastConformerStreamParity(
            JsonNode settings, FastConformerConfig config, Map<String, HostTensor> cases, ParityReport report) {
        this.settings = settings;
        this.config = config;
        this.cases = cases;
        this.report = report;
    }

    void run(Map<String, NDArray> arrays, NDManager manager) {
        for (Map.Entry<String, JsonNode> stream : settings.path("streaming").properties()) {
            if (cases.containsKey(stream.getKey() + "/step00/chunk")) {
                String[] parts = stream.getKey().split("_");
                AttentionContext context = new AttentionContext(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
                boolean padAndDrop = stream.getKey().endsWith("_paddrop");
                int drop = stream.getValue().path("drop_extra_pre_encoded").asInt();
                for (CacheContent content : CacheContent.values()) {
                    new Run(stream.getKey() + "/", arrays, context, content, manager).steps(padAndDrop, drop);
                }
                offline(stream.getKey() + "/", arrays, context, manager);
            }
        }
    }

    private void offline(String name, Map<String, NDArray> arrays, AttentionContext context, NDManager manager) {
        FastConformer network = new FastConformer(config, arrays, CacheContent.PROJECTIONS, false);
        FastConformer.Encoded encoded = network.encode(
                cases.get(name + "offline_signal").toArray(manager).swapAxes(1, 2),
                cases.get(name + "offline_length").longs(),
                context);
        report.compare(
                name + "offline_encoded_len",
                cases.get(name + "offline_encoded_len").longs(),
                encoded.lengths());
        HostTensor expected = cases.get(name + "offline_encoded");
        report.compare(
                name + "offline_encoded",
                FastConformerParity.valid(expected.floats(), expected.shape(), encoded.lengths(), true),
                FastConformerParity.valid(encoded.frames(), encoded.lengths()),
                FastConformerParity.tolerance(expected));
    }

    /** One pass over the chunks of a case. */
    private final class Run {
        private final String name;
        private final FastConformer network;
        private final AttentionContext context;
        private final CacheContent content;
        private final NDManager manager;
        private final int streams;
        private final boolean[] over;
        private final long[] seen;
        private final List<CtcGreedy> ctc = new ArrayList<>();
        private final List<List<Emission>> ctcTokens = new ArrayList<>();
        private final List<List<Emission>> tokens = new ArrayList<>();
        private final TransducerGreedy greedy;
        private TransducerGreedy.State predictor;
        private Caches caches;

        Run(
                String name,
                Map<String, NDArray> arrays,
                AttentionContext context,
                CacheContent content,
                NDManager manager) {
            this.name = name;
            this.network = new FastConformer(config, arrays, content, false);
            this.context = context;
            this.content = content;
            this.manager = manager;
            this.streams = cases.get(name + "step00/chunk_len").longs().length;
            this.over = new boolean[streams];
            this.seen = new long[streams];
            for (int b = 0; b < streams; b++) {
                ctc.add(new CtcGreedy(config.blank()));
                ctcTokens.add(new ArrayList<>());
                tokens.add(new ArrayList<>());
            }
            this.greedy = new TransducerGreedy(network, config.blank(), MOST_SYMBOLS, Integer.MAX_VALUE);
            this.predictor = greedy.start(manager, streams);
            this.caches = Caches.empty(config, context, content, manager, streams);
        }

        void steps(boolean padAndDrop, int drop) {
            for (int i = 0; cases.containsKey("%sstep%02d/chunk".formatted(name, i)); i++) {
                step("%sstep%02d/".formatted(name, i), i == 0 && !padAndDrop ? 0 : drop);
            }
            compare(name + "stream_len", seen);
            compareTokens(name + "ctc_ids", ctcTokens, Emission::token);
            compareTokens(name + "rnnt_ids", tokens, Emission::token);
            compareTokens(name + "rnnt_timestamps", tokens, Emission::frame);
        }

        private void compare(String id, long[] ours) {
            if (cases.containsKey(id)) {
                report.compare(named(id), cases.get(id).longs(), ours);
            }
        }

        private void compareTokens(
                String id, List<List<Emission>> ours, java.util.function.ToLongFunction<Emission> figure) {
            HostTensor expected = cases.get(id);
            if (expected != null) {
                report.compare(
                        named(id), expected.longs(), FastConformerParity.padded(ours, figure, expected.shape()[1]));
            }
        }

        /** The run with the reference's own caches bears the names of the tensors. */
        private String named(String id) {
            return content == CacheContent.INPUTS ? id : id + " (projections)";
        }

        private void step(String step, int drop) {
            NDArray chunk = cases.get(step + "chunk").toArray(manager).swapAxes(1, 2);
            long[] lengths = cases.get(step + "chunk_len").longs();
            FastConformer.Step result = network.step(chunk, lengths, drop, context, caches);
            caches = result.caches();
            long[] valid = result.encoded().lengths();
            // A stream that is over gets at most the frames that stood before its last chunk.
            long[] expectedLengths = cases.get(step + "encoded_len").longs();
            compare(step + "encoded_len", valid);
            compareFrames(step + "encoded", result.encoded().frames(), expectedLengths, true);
            NDArray logProbabilities =
                    network.ctcLogits(result.encoded().frames()).logSoftmax(-1);
            compareFrames(step + "ctc_log_probs", logProbabilities, expectedLengths, false);
            for (int b = 0; b < streams; b++) {
                if (valid[b] > 0) {
                    NDArray frames = logProbabilities.get(b + ", :" + valid[b]);
                    ctcTokens
                            .get(b)
                            .addAll(ctc.get(b)
                                    .accept(
                                            frames.argMax(-1).toLongArray(),
                                            frames.max(new int[] {-1}).toFloatArray(),
                                            seen[b]));
                }
            }
            TransducerGreedy.Result decoded =
                    greedy.decode(result.encoded().frames(), valid, seen, new int[valid.length], predictor);
            predictor = decoded.state();
            compareTokens(step + "rnnt_new_ids", decoded.emissions(), Emission::token);
            compareState(step + "rnnt_h", predictor.state().hidden());
            compareState(step + "rnnt_c", predictor.state().cell());
            for (int b = 0; b < streams; b++) {
                tokens.get(b).addAll(decoded.emissions().get(b));
                seen[b] += valid[b];
                over[b] |= lengths[b] < chunk.getShape().get(1);
            }
            compareCaches(step);
        }

        private void compareFrames(String id, NDArray ours, long[] lengths, boolean channelsFirst) {
            HostTensor expected = cases.get(id);
            if (expected != null) {
                report.compare(
                        named(id),
                        FastConformerParity.valid(expected.floats(), expected.shape(), lengths, channelsFirst),
                        FastConformerParity.valid(ours, lengths),
                        FastConformerParity.tolerance(expected));
            }
        }

        private void compareState(String id, NDArray ours) {
            HostTensor expected = cases.get(id);
            if (expected != null) {
                report.compare(
                        named(id), expected.floats(), ours.toFloatArray(), FastConformerParity.tolerance(expected));
            }
        }

        /** Those of streams that go on: of others the reference keeps what padding made. */
        private void compareCaches(String step) {
            NDList time = new NDList();
            NDList channel = new NDList();
            for (LayerCache layer : caches.layers()) {
                time.add(layer.convolution());
                channel.add(layer.past());
            }
            compareGoing(step + "cache_last_time", NDArrays.stack(time));
            if (content == CacheContent.INPUTS) {
                compareGoing(step + "cache_last_channel", NDArrays.stack(channel));
            }
            long[] expected = cases.get(step + "cache_last_channel_len").longs();
            long[] filled = caches.filled().clone();
            for (int b = 0; b < streams; b++) {
                expected[b] = over[b] ? 0 : expected[b];
                filled[b] = over[b] ? 0 : filled[b];
            }
            report.compare(named(step + "cache_last_channel_len"), expected, filled);
        }

        private void compareGoing(String id, NDArray ours) {
            HostTensor expected = cases.get(id);
            float[] theirs = expected.floats();
            float[] mine = ours.toFloatArray();
            int perStream = theirs.length / config.layers() / streams;
            for (int i = 0; i < theirs.length; i++) {
                if (over[i / perStream % streams]) {
                    theirs[i] = 0;
                    mine[i] = 0;
                }
            }
            report.compare(named(id), theirs, mine, FastConformerParity.tolerance(expected));
        }
    }
}
