package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;

import io.millrace.jobs.command.TrainingFile;
import io.millrace.models.card.ModelCard;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.tokens.Tokens;
import io.millrace.models.speech.training.SpeechCurves;
import io.millrace.models.speech.training.SpeechTrainer;
import io.millrace.models.speech.training.SpeechTrainingListener;
import io.millrace.models.speech.training.SpeechTrainingOptions;
import io.millrace.models.torch.EngineSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a recogniser on the utterances of manifests. */
@Command(
        name = "speech",
        description = "Trains a streaming recogniser with a CTC and a transducer head on utterances named by manifests"
                + " (JSON lines with audio_filepath, text, duration, as NeMo has them). Leaves a checkpoint after each"
                + " validation.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace train speech --manifest corpus/digits-train.jsonl --validate corpus/digits-valid.jsonl --out digits"
        })
public final class TrainSpeechCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(
            names = "--manifest",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Manifests to learn from.")
    List<Path> manifests;

    @Option(names = "--validate", arity = "1..*", paramLabel = "FILE", description = "Manifests to validate by.")
    List<Path> validate = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where model and checkpoint go.")
    Path out;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML or JSON file that changes training options by name.")
    Path config;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of everything random.")
    Long seed;

    @Option(names = "--steps", paramLabel = "N", description = "Updates of the weights.")
    Integer steps;

    @Option(names = "--resume", description = "Go on from the checkpoint in DIR, if there is one.")
    boolean resume;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "Model to begin with, its tokens included (default: random weights).")
    Path from;

    @Option(
            names = "--leave-out",
            arity = "1..*",
            paramLabel = "SPEAKER",
            description = "Speakers of the manifests that are not learnt from, to judge by them.")
    List<String> leaveOut = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "speech",
            description = "Name of the model (default: ${DEFAULT-VALUE}).")
    String name;

    @Option(
            names = "--licence",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Licence of the training data, for the card.")
    String licence;

    @Override
    public Integer call() throws IOException {
        EngineSettings.singleThreaded().apply();
        SpeechTrainingOptions options = options();
        SpeechProgress progress = new SpeechProgress(spec.commandLine().getErr());
        try {
            List<Utterance> utterances = new ArrayList<>();
            for (Path manifest : manifests) {
                utterances.addAll(SpeechManifest.read(manifest));
            }
            utterances.removeIf(utterance -> leaveOut.contains(utterance.speaker()));
            Map<String, List<Utterance>> sets = new LinkedHashMap<>();
            for (Path manifest : validate) {
                sets.put(
                        manifest.getFileName().toString().replaceFirst("\\.jsonl?$", ""),
                        SpeechManifest.read(manifest));
            }
            SpeechModel begin = from == null ? null : SpeechModel.KIND.load(from);
            Tokens tokens = begin == null ? wordsOf(utterances) : begin.tokens();
            SpeechTrainer trainer = new SpeechTrainer(options, tokens, out.resolve("checkpoint"), progress);
            spec.commandLine()
                    .getErr()
                    .printf(
                            "%d utterances, %.1f h, %d words, %d weights%n",
                            utterances.size(),
                            utterances.stream().mapToDouble(Utterance::duration).sum() / 3600,
                            tokens.size(),
                            trainer.config().parameterCount());
            SpeechTrainer.Trained trained =
                    trainer.train(utterances, sets, begin == null ? null : begin.weights(), resume);
            write(options, tokens, trainer, trained, utterances);
            SpeechCurves.write(trained.validations(), name, out.resolve("curves.png"));
        } catch (IOException | IllegalArgumentException e) {
            progress.done();
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        progress.done();
        spec.commandLine().getErr().println("model written to " + out);
        return CommandLine.ExitCode.OK;
    }

    private static Tokens wordsOf(List<Utterance> utterances) {
        TreeSet<String> words = new TreeSet<>();
        utterances.forEach(utterance -> words.addAll(utterance.words()));
        return new Tokens(Tokens.Kind.WORDS, List.copyOf(words));
    }

    private void write(
            SpeechTrainingOptions options,
            Tokens tokens,
            SpeechTrainer trainer,
            SpeechTrainer.Trained trained,
            List<Utterance> utterances)
            throws IOException {
        Map<String, Double> metrics = new TreeMap<>();
        for (SpeechTrainingListener.Validation validation : trained.validations()) {
            String key = validation.set() + " look-ahead " + validation.lookAhead();
            metrics.put(key + " wer ctc", validation.ctc());
            metrics.put(key + " wer rnnt", validation.transducer());
        }
        List<String> files =
                manifests.stream().map(file -> file.getFileName().toString()).toList();
        String data = String.join(", ", files) + ": " + utterances.size() + " utterances"
                + (leaveOut.isEmpty() ? "" : " without " + String.join(", ", leaveOut));
        SpeechModel.write(
                out,
                name,
                new ModelCard.Training(
                        "millrace train speech",
                        options.seed,
                        new ModelCard.Data(data, licence.isEmpty() ? "not stated" : licence, List.of()),
                        ModelCard.json(options),
                        ModelCard.json(metrics)),
                trainer.config(),
                tokens,
                trained.weights());
    }

    private SpeechTrainingOptions options() {
        SpeechTrainingOptions options = new SpeechTrainingOptions();
        TrainingFile.apply(config, options, spec);
        options.seed = seed == null ? options.seed : seed;
        options.steps = steps == null ? options.steps : steps;
        return options;
    }
}
