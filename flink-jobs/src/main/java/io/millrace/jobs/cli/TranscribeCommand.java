package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import ai.djl.Device;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.connectors.audio.AudioFormatException;
import io.millrace.connectors.audio.AudioReader;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechModelFolder;
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
                "Transcribes WAV, FLAC, MP3 or Ogg Vorbis chunk by chunk, without a broker: partial results on one"
                        + " line as they come, finals below each other. Several channels are mixed.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: millrace transcribe call.wav --lookahead 6"})
public final class TranscribeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "Audio file.")
    private Path file;

    @Option(names = "--model", paramLabel = "DIR", description = "Model directory (default: the shipped model).")
    private Path model;

    @Option(
            names = "--lookahead",
            paramLabel = "FRAMES",
            description = "Look-ahead in encoder frames of 80 ms (default: the model's first).")
    private Integer lookAhead;

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

    @Option(names = "--json", description = "Print one JSON object a final, with words, times and confidence.")
    private boolean json;

    private final ObjectMapper mapper = new ObjectMapper();
    private int shown;

    @Override
    public Integer call() throws IOException {
        EngineSettings.singleThreaded().apply();
        try {
            SpeechModelFolder folder = SpeechModelFolder.readOrShipped(model);
            Device chosen = Devices.parse(device);
            try (AudioReader audio = AudioReader.open(file);
                    FastConformerModel network = new FastConformerModel(folder, chosen, words.search(), words.cache)) {
                int frames = lookAhead != null
                        ? lookAhead
                        : folder.config().contexts().get(0).right();
                Transcriber.Settings settings = new Transcriber.Settings(frames, words.head, silence);
                try (Transcriber transcriber = new Transcriber(network, folder.tokens(), settings)) {
                    transcribe(audio, transcriber);
                }
            }
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "not there: " + e.getFile(), e);
        } catch (AudioFormatException e) {
            clear();
            spec.commandLine().getErr().println("millrace transcribe: " + file + ": " + e.getMessage());
            spec.commandLine().getErr().flush();
            return CommandLine.ExitCode.SOFTWARE;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return CommandLine.ExitCode.OK;
    }

    private void transcribe(AudioReader audio, Transcriber transcriber) throws IOException {
        Resampler resampler = new Resampler(audio.format().sampleRate());
        try {
            for (float[][] block = audio.next(); block != null; block = audio.next()) {
                float[] samples = resampler.push(mixed(block));
                show(transcriber.accept(samples, samples.length));
            }
        } finally {
            // Audio that breaks off has been heard up to there.
            float[] rest = resampler.finish();
            show(transcriber.accept(rest, rest.length));
            show(transcriber.finish());
        }
    }

    private static float[] mixed(float[][] channels) {
        if (channels.length == 1) {
            return channels[0];
        }
        float[] mono = new float[channels[0].length];
        for (float[] channel : channels) {
            for (int i = 0; i < mono.length; i++) {
                mono[i] += channel[i] / channels.length;
            }
        }
        return mono;
    }

    private void show(List<Hypothesis> results) throws JsonProcessingException {
        for (Hypothesis result : results) {
            if (result.isFinal()) {
                clear();
                print(result);
            } else if (!json && System.console() != null) {
                partial(result.text());
            }
        }
    }

    private void print(Hypothesis result) throws JsonProcessingException {
        PrintWriter out = spec.commandLine().getOut();
        double start = result.words().get(0).startSeconds();
        double end = result.words().get(result.words().size() - 1).endSeconds();
        if (json) {
            out.println(mapper.writeValueAsString(
                    Map.of("text", result.text(), "start", start, "end", end, "words", result.words())));
        } else {
            out.printf(Locale.ROOT, "[%7.2f - %7.2f] %s%n", start, end, result.text());
        }
        out.flush();
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
