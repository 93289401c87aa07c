package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import ai.djl.Device;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.connectors.audio.AudioOptions;
import io.millrace.connectors.audio.AudioReader;
import io.millrace.connectors.audio.ChannelChoice;
import io.millrace.connectors.media.MediaFormatException;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.Transcriber;
import io.millrace.models.speech.decoding.Hypothesis;
import io.millrace.models.torch.Devices;
import io.millrace.models.torch.EngineSettings;
import io.millrace.schemas.audio.Resampler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace transcribe}: what a file says, heard chunk by chunk as a stream would be, without a broker. */
@Command(
        name = "transcribe",
        description =
                "Transcribes sound files of every usual format chunk by chunk, without a broker: partial results on one"
                        + " line as they come, finals below each other. Several channels are mixed unless --channel"
                        + " names one. The model is loaded once for all files. One that cannot be read does not stop the"
                        + " others, what is damaged is passed over, and the exit code then is 1.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace transcribe call.wav --lookahead 6",
            "  millrace transcribe call.wav --format srt > call.srt",
            "  millrace transcribe - < call.wav"
        })
public final class TranscribeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Audio files; - is standard input.")
    private List<String> files;

    @Option(names = "--model", paramLabel = "DIR", description = "Model directory (default: the shipped model).")
    private Path model;

    @Option(
            names = "--lookahead",
            paramLabel = "FRAMES",
            description = "Look-ahead in encoder frames of 80 ms (default: the model's first).")
    private Integer lookAhead;

    @Mixin
    private AudioInputOptions input;

    @Mixin
    private SearchOptions words;

    @Option(
            names = "--silence",
            paramLabel = "SECONDS",
            defaultValue = "0.8",
            description = "Silence that ends an utterance (default: ${DEFAULT-VALUE}).")
    private double silence;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or gpu:N (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "text, json (an object a final, with words, times and confidence), srt or vtt (default: text).")
    private TranscriptFormat format;

    @Option(names = "--json", description = "The same as --format json.")
    private boolean json;

    private TranscriptPrinter printer;
    private int shown;

    @Override
    public Integer call() throws IOException {
        if (json && format != null && format != TranscriptFormat.JSON) {
            throw new ParameterException(spec.commandLine(), "--json and --format name two formats: leave one out");
        }
        TranscriptFormat chosenFormat = json ? TranscriptFormat.JSON : format == null ? TranscriptFormat.TEXT : format;
        EngineSettings.singleThreaded().apply();
        boolean whole = true;
        try {
            SpeechModel folder = SpeechModel.KIND.loadOrShipped(model);
            Device chosen = Devices.parse(device);
            int frames = lookAhead != null
                    ? lookAhead
                    : folder.config().contexts().get(0).right();
            Transcriber.Settings settings = new Transcriber.Settings(frames, words.head, silence);
            try (FastConformerModel network = new FastConformerModel(folder, chosen, words.search(), words.cache)) {
                printer = new TranscriptPrinter(chosenFormat, spec.commandLine().getOut());
                for (String file : files) {
                    printer.begin(file, files.size() > 1);
                    whole &= heard(file, network, folder, settings);
                }
            }
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "not there: " + e.getFile(), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return whole ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** Transcribes one file; false if not all of it could be read. */
    private boolean heard(String file, FastConformerModel network, SpeechModel folder, Transcriber.Settings settings)
            throws IOException {
        boolean piped = file.equals("-");
        AudioOptions options = input.options(ChannelChoice.MIX, piped);
        try (AudioReader audio =
                        piped ? AudioReader.open(System.in, options) : AudioReader.open(Path.of(file), options);
                Transcriber transcriber = new Transcriber(network, folder.tokens(), settings)) {
            transcribe(audio, transcriber);
            AudioInputOptions.remarks(audio).forEach(remark -> said(file, remark));
            return audio.damage().count() == 0;
        } catch (NoSuchFileException e) {
            if (files.size() == 1) {
                throw e;
            }
            said(file, "not there");
        } catch (MediaFormatException e) {
            said(file, e.getMessage());
        }
        return false;
    }

    private void said(String file, String message) {
        clear();
        spec.commandLine().getErr().println("millrace transcribe: " + file + ": " + message);
        spec.commandLine().getErr().flush();
    }

    private void transcribe(AudioReader audio, Transcriber transcriber) throws IOException {
        Resampler resampler = new Resampler(audio.format().sampleRate());
        try {
            for (float[][] block = audio.next(); block != null; block = audio.next()) {
                float[] samples = resampler.push(block[0]);
                show(transcriber.accept(samples, samples.length));
            }
        } finally {
            // Audio that breaks off has been heard up to there.
            float[] rest = resampler.finish();
            show(transcriber.accept(rest, rest.length));
            show(transcriber.finish());
        }
    }

    private void show(List<Hypothesis> results) throws JsonProcessingException {
        for (Hypothesis result : results) {
            if (result.isFinal()) {
                clear();
                printer.print(result);
            } else if (printer.showsPartials() && System.console() != null) {
                partial(result.text());
            }
        }
    }

    /** Shows the end of a partial result on the line of the terminal. */
    private void partial(String text) {
        clear();
        int width = 100;
        String tail = text.length() > width ? "…" + text.substring(text.length() - width + 1) : text;
        spec.commandLine().getErr().print(tail);
        spec.commandLine().getErr().flush();
        shown = tail.length();
    }

    private void clear() {
        if (shown > 0) {
            spec.commandLine().getErr().print("\r" + " ".repeat(shown) + "\r");
            spec.commandLine().getErr().flush();
            shown = 0;
        }
    }
}
