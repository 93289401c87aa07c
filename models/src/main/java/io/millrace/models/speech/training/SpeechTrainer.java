package io.millrace.models.speech.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.evaluation.WholeUtterances;
import io.millrace.models.speech.evaluation.WordErrors;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;
import io.millrace.models.training.AdamW;
import io.millrace.models.training.WeightAverage;

/**
 * Trains a {@link FastConformer} by CTC and transducer loss together, one look-ahead drawn for each update (Noroozi et
 * al., arXiv 2312.17279, sections 3.2 and 3.4). With one seed and one thread, two trainings give the same weights, also
 * if one of them was killed and went on.
 *
 * <p>The engine knows one gradient collector at a time in a process: train in a process of its own.
 */
public final class SpeechTrainer {

    private final SpeechTrainingOptions options;
    private final Tokens tokens;
    private final FastConformerConfig config;
    private final Path checkpoints;
    private final SpeechTrainingListener listener;

    /**
     * @param checkpoints folder of the checkpoint
     * @throws IllegalArgumentException if the options make no sense
     */
    public SpeechTrainer(
            SpeechTrainingOptions options, Tokens tokens, Path checkpoints, SpeechTrainingListener listener) {
        options.check();
        this.options = options;
        this.tokens = tokens;
        this.config = options.config(tokens.size());
        this.checkpoints = checkpoints;
        this.listener = listener;
    }

    /** Configuration of the network. */
    public FastConformerConfig config() {
        return config;
    }

    /** What came of a training: moving averages of the weights, and all validations. */
    public record Trained(Map<String, HostTensor> weights, List<SpeechTrainingListener.Validation> validations) {}

    /**
     * Trains.
     *
     * @param validation sets to judge by, by name; none of them is learnt from
     * @param begin weights to begin with; null for random ones
     * @param resume whether to go on from the checkpoint, if there is one
     * @throws IOException if a checkpoint cannot be read or written
     * @throws IllegalArgumentException if a word has no tokens, or the checkpoint is of other options
     */
    public Trained train(
            List<Utterance> utterances,
            Map<String, List<Utterance>> validation,
            Map<String, HostTensor> begin,
            boolean resume)
            throws IOException {
        Examples examples = new Examples(utterances, tokens, config, options);
        Checkpoint from = resume ? Checkpoint.in(checkpoints) : null;
        if (from != null && !from.figures().options().equals(written(options))) {
            throw new IllegalArgumentException(
                    "the checkpoint in " + checkpoints + " is of a training with other options");
        }
        ExecutorService drawing = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "speech-examples");
            thread.setDaemon(true);
            return thread;
        });
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
                HybridLoss loss = new HybridLoss(config, options, Device.cpu())) {
            return new Run(manager, loss, examples, validation, begin, from, drawing).all();
        } finally {
            drawing.shutdownNow();
        }
    }

    private static String written(SpeechTrainingOptions options) {
        try {
            return new ObjectMapper().writeValueAsString(options);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One training from its beginning, or from a checkpoint, to its end. */
    private final class Run {

        private final NDManager manager;
        private final HybridLoss loss;
        private final Examples examples;
        private final Map<String, List<Utterance>> validation;
        private final ExecutorService drawing;
        private final Map<String, NDArray> weights;
        private final FastConformer network;
        private final AdamW optimizer;
        private final WeightAverage average;
        private final List<SpeechTrainingListener.Validation> validations = new ArrayList<>();
        private int round;
        private int step;
        private double ctc;
        private double transducer;
        private long frames;
        private long computed;

        Run(
                NDManager manager,
                HybridLoss loss,
                Examples examples,
                Map<String, List<Utterance>> validation,
                Map<String, HostTensor> begin,
                Checkpoint from,
                ExecutorService drawing) {
            this.manager = manager;
            this.loss = loss;
            this.examples = examples;
            this.validation = validation;
            this.drawing = drawing;
            this.weights = FastConformerWeights.arrays(
                    config,
                    from != null
                            ? from.weights()
                            : begin != null ? begin : FastConformerWeights.random(config, options.seed),
                    manager);
            weights.values().forEach(weight -> weight.setRequiresGradient(true));
            this.network = new FastConformer(config, weights, CacheContent.PROJECTIONS, true);
            this.optimizer = new AdamW(
                    weights, options.weightDecay, options.clip, from == null ? null : from.moments(), manager);
            this.average = new WeightAverage(weights, from == null ? null : from.averages(), manager);
            if (from != null) {
                round = from.figures().round();
                step = from.figures().step();
                validations.addAll(from.figures().validations());
            }
        }

        Trained all() throws IOException {
            CompletableFuture<List<List<Examples.Example>>> next = drawn(round);
            int validated = step / options.validateEvery;
            while (step < options.steps) {
                List<List<Examples.Example>> batches = next.join();
                next = drawn(round + 1);
                learn(batches);
                round++;
                if (step / options.validateEvery > validated || step >= options.steps) {
                    validated = step / options.validateEvery;
                    validate();
                    checkpoint().write(checkpoints);
                }
            }
            return new Trained(copies(average.averages()), validations);
        }

        private CompletableFuture<List<List<Examples.Example>>> drawn(int number) {
            double progress = (double) number * Examples.batchesOfRound() / options.steps;
            return CompletableFuture.supplyAsync(() -> examples.round(number, progress), drawing);
        }

        private void learn(List<List<Examples.Example>> batches) {
            long start = System.nanoTime();
            long before = frames;
            ctc = 0;
            transducer = 0;
            Random random = new Random(options.seed * 7_919 + round);
            Engine.getEngine("PyTorch").setRandomSeed((int) (options.seed * 7_919 + round));
            for (List<Examples.Example> batch : batches) {
                learn(batch, config.contexts().get(drawn(random.nextDouble())));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            listener.progress(new SpeechTrainingListener.Progress(
                    step,
                    options.steps,
                    ctc / batches.size(),
                    transducer / batches.size(),
                    1 - (double) frames / computed,
                    (frames - before) / 100.0 / seconds));
        }

        private int drawn(double chance) {
            double sum = 0;
            for (int i = 0; i < options.lookAheadShares.size(); i++) {
                sum += options.lookAheadShares.get(i);
                if (chance < sum) {
                    return i;
                }
            }
            return options.lookAheadShares.size() - 1;
        }

        private void learn(List<Examples.Example> batch, AttentionContext context) {
            boolean labelled = step < options.steps * options.frameShare;
            try (NDManager scratch = manager.newSubManager()) {
                try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                    HybridLoss.Result result = loss.of(network, batch, context, labelled, scratch);
                    collector.backward(result.gradient());
                    ctc += result.ctc();
                    transducer += result.transducer();
                }
                step++;
                double norm = optimizer.update(step, rate(), scratch);
                if (!Double.isFinite(norm)) {
                    throw new IllegalStateException("the gradient is no longer finite: lower the learning rate");
                }
                average.update(step, scratch);
            }
            long most = 0;
            for (Examples.Example example : batch) {
                frames += example.frames();
                most = Math.max(most, example.frames());
            }
            computed += most * batch.size();
        }

        private double rate() {
            if (step < options.warmup) {
                return options.learningRate * step / options.warmup;
            }
            double done = (double) (step - options.warmup) / Math.max(1, options.steps - options.warmup);
            return options.learningRate * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done))));
        }

        private void validate() {
            WholeUtterances utterances = new WholeUtterances(config, average.averages(), tokens, manager);
            validation.forEach((name, set) -> {
                List<float[]> recordings =
                        set.stream().map(Utterance::amplitudes).toList();
                for (AttentionContext context : config.contexts()) {
                    List<WholeUtterances.Words> heard = utterances.transcribe(recordings, context.right());
                    WordErrors byCtc = WordErrors.NONE;
                    WordErrors byTransducer = WordErrors.NONE;
                    for (int i = 0; i < heard.size(); i++) {
                        byCtc = byCtc.plus(
                                WordErrors.of(set.get(i).words(), heard.get(i).ctc()));
                        byTransducer = byTransducer.plus(
                                WordErrors.of(set.get(i).words(), heard.get(i).transducer()));
                    }
                    SpeechTrainingListener.Validation result = new SpeechTrainingListener.Validation(
                            step, name, context.right(), byCtc.rate(), byTransducer.rate());
                    validations.add(result);
                    listener.validated(result);
                }
            });
        }

        private Checkpoint checkpoint() {
            return new Checkpoint(
                    new Checkpoint.Figures(round, step, written(options), validations),
                    copies(weights),
                    copies(average.averages()),
                    optimizer.moments());
        }

        private static Map<String, HostTensor> copies(Map<String, NDArray> arrays) {
            Map<String, HostTensor> copies = new LinkedHashMap<>();
            arrays.forEach((name, array) -> copies.put(name, HostTensor.of(array)));
            return copies;
        }
    }
}
