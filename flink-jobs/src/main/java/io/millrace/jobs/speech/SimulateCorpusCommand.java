package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;

import io.millrace.simulators.speech.DigitClips;
import io.millrace.simulators.speech.DigitIndex;
import io.millrace.simulators.speech.SpeechCorpus;
import io.millrace.simulators.speech.SwitchboardPrompts;
import io.millrace.simulators.speech.Voice;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a corpus of spoken digits and commands. */
@Command(
        name = "corpus",
        description = "Makes a corpus of spoken digits and commands, to train and judge a recogniser: sound files and"
                + " manifests. Commands are spoken by the synthesisers of Debian; whole voices are kept for"
                + " validation and test.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace simulate corpus --fsdd fsdd --out corpus"})
public final class SimulateCorpusCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(
            names = "--fsdd",
            paramLabel = "DIR",
            description = "Free Spoken Digit Dataset, one FLAC a speaker beside index.csv; without it no digits.")
    Path fsdd;

    @Option(
            names = "--prompts",
            paramLabel = "DIR",
            description = "Asterisk's English prompts as WAV files, for words of one more person to train on.")
    Path prompts;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the corpus goes.")
    Path out;

    @Option(
            names = "--commands",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Commands to train on (default: ${DEFAULT-VALUE}; 0 for no commands).")
    int commands;

    @Option(
            names = "--judged",
            paramLabel = "N",
            defaultValue = "300",
            description = "Commands to validate and as many to test by (default: ${DEFAULT-VALUE}).")
    int judged;

    @Option(
            names = "--strings",
            paramLabel = "N",
            defaultValue = "50",
            description = "Digit strings of each speaker to validate and to test by (default: ${DEFAULT-VALUE}).")
    int strings;

    @Option(
            names = "--digits",
            split = "-",
            arity = "1",
            paramLabel = "LEAST-MOST",
            defaultValue = "3-7",
            description = "Digits of such a string (default: ${DEFAULT-VALUE}).")
    int[] digits;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--synthesizers",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "ESPEAK,FLITE,FESTIVAL",
            description =
                    "Programs that speak the commands, with commas between them: ${COMPLETION-CANDIDATES} (default:"
                            + " ${DEFAULT-VALUE}; the others are in Debian's section non-free).")
    Set<Voice.Synthesizer> synthesizers;

    @Option(
            names = "--natural-share",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description =
                    "Share of the commands to train on for which voices made from people's recordings are drawn alone, and not"
                            + " all voices alike, most of which are espeak-ng's (default: ${DEFAULT-VALUE}).")
    double naturalShare;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Synthesisers at a time (default: ${DEFAULT-VALUE}).")
    int threads;

    @Override
    public Integer call() {
        SpeechCorpus corpus = new SpeechCorpus(out, seed);
        if (digits.length != 2 || digits[0] < 1 || digits[1] < digits[0]) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--digits is the fewest and the most digits of a string, as in 3-7");
        }
        try {
            if (fsdd != null) {
                corpus.digits(new DigitClips(DigitIndex.read(fsdd)), strings, digits[0], digits[1]);
            }
            if (prompts != null) {
                corpus.prompts(new SwitchboardPrompts(prompts));
            }
            if (commands > 0) {
                speak(corpus, Voice.Part.VALID, judged);
                speak(corpus, Voice.Part.TEST, judged);
                speak(corpus, Voice.Part.TRAIN, commands);
                spec.commandLine().getErr().println();
            }
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("millrace simulate corpus: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        return CommandLine.ExitCode.OK;
    }

    private void speak(SpeechCorpus corpus, Voice.Part part, int count) throws IOException {
        corpus.commands(part, count, new SpeechCorpus.Speakers(synthesizers, naturalShare, threads), done -> {
            if (done % 100 == 0) {
                spec.commandLine().getErr().printf("\r%s %d of %d", part, done, count);
                spec.commandLine().getErr().flush();
            }
        });
    }
}
