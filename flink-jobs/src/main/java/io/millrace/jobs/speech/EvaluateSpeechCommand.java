package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.Transcriber;
import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.evaluation.BufferedBaseline;
import io.millrace.models.speech.evaluation.Lead;
import io.millrace.models.speech.evaluation.StreamedEvaluation;
import io.millrace.models.speech.evaluation.WordErrors;
import io.millrace.models.speech.evaluation.WordTimes;
import io.millrace.models.torch.Devices;
import io.millrace.models.torch.EngineSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds a recogniser against utterances whose text is known. */
@Command(
        name = "speech",
        description = "Transcribes the utterances of a manifest chunk by chunk, as a stream would be, and counts the"
                + " word errors.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace evaluate speech --manifest corpus/digits-test.jsonl --lookahead 6 --json"
        })
public final class EvaluateSpeechCommand implements Callable<Integer> {

    private static final int SHOWN = 20;

    @Spec
    CommandSpec spec;

    @Option(names = "--model", paramLabel = "DIR", description = "Model directory (default: the shipped model).")
    Path model;

    @Option(names = "--manifest", required = true, paramLabel = "FILE", description = "Manifest of the utterances.")
    Path manifest;

    @Option(
            names = "--lookahead",
            paramLabel = "FRAMES",
            description = "Look-ahead in encoder frames of 80 ms (default: the model's first).")
    Integer lookAhead;

    @Mixin
    SearchOptions words;

    @Option(
            names = "--buffer",
            paramLabel = "SECONDS",
            description =
                    "Encode the last seconds anew for each chunk instead of keeping caches, to compare with; by CTC.")
    Double buffer;

    @Option(
            names = "--transcripts",
            description = "Judge the pred_text that the lines of the manifest hold, by whatever recogniser, instead.")
    boolean transcripts;

    @Option(
            names = "--speaker",
            arity = "1..*",
            paramLabel = "SPEAKER",
            description = "Speakers to judge by (default: all).")
    List<String> speakers = List.of();

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or gpu:N (default: ${DEFAULT-VALUE}).")
    String device;

    @Option(
            names = "--word-times",
            description = "Tell how far starts and ends of words are off; the manifest holds the true ones, as those of"
                    + " 'millrace simulate corpus' do.")
    boolean wordTimes;

    @Option(
            names = "--after-silence",
            paramLabel = "SECONDS",
            description =
                    "Hear each utterance in a stream that has heard the one before it in the manifest and this much"
                            + " silence, to see whether its first word is heard.")
    Double afterSilence;

    @Option(
            names = "--silence-noise",
            paramLabel = "DB",
            defaultValue = "-Infinity",
            description = "Loudness of white noise in that silence against full scale, such as -60 (default: none).")
    double silenceNoise;

    @Option(names = "--errors", description = "Print the utterances with the most errors.")
    boolean errors;

    @Option(names = "--json", description = "Print one JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        if (transcripts) {
            try {
                return others();
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }
        EngineSettings.singleThreaded().apply();
        try {
            SpeechModel folder = SpeechModel.KIND.loadOrShipped(model);
            List<Utterance> utterances = SpeechManifest.read(manifest).stream()
                    .filter(utterance -> speakers.isEmpty() || speakers.contains(utterance.speaker()))
                    .toList();
            if (utterances.isEmpty()) {
                throw new IllegalArgumentException(manifest + " has no utterances of " + speakers);
            }
            int frames = lookAhead != null
                    ? lookAhead
                    : folder.config().contexts().get(0).right();
            if (buffer != null) {
                try (BufferedBaseline baseline = new BufferedBaseline(folder, frames, buffer)) {
                    print(folder, StreamedEvaluation.of(utterances, baseline::transcribe), frames);
                }
                return CommandLine.ExitCode.OK;
            }
            try (FastConformerModel network =
                    new FastConformerModel(folder, Devices.parse(device), words.search(), words.cache)) {
                print(folder, streamed(network, folder, frames, utterances), frames);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return CommandLine.ExitCode.OK;
    }

    private StreamedEvaluation streamed(
            FastConformerModel network, SpeechModel folder, int frames, List<Utterance> utterances) {
        Transcriber.Settings settings =
                new Transcriber.Settings(frames, words.head, StreamedEvaluation.SILENCE_SECONDS);
        Lead lead = afterSilence == null ? null : new Lead(afterSilence, silenceNoise);
        return StreamedEvaluation.of(network, folder.tokens(), settings, lead, utterances);
    }

    /** Counts the errors of transcripts that another recogniser wrote. */
    private int others() throws IOException {
        JudgedTranscripts judged = JudgedTranscripts.read(manifest, speakers);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("utterances", judged.utterances());
        put(figures, judged.errors());
        ObjectMapper mapper = new ObjectMapper();
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? mapper.writeValueAsString(figures)
                                : mapper.writerWithDefaultPrettyPrinter().writeValueAsString(figures));
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }

    private static void put(Map<String, Object> figures, WordErrors counts) {
        figures.put("words", counts.words());
        figures.put("wer", counts.words() == 0 ? null : counts.rate());
        figures.put("substitutions", counts.substitutions());
        figures.put("deletions", counts.deletions());
        figures.put("insertions", counts.insertions());
    }

    private void off(String what, WordTimes.Off off) {
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%s: median %.0f ms, nine in ten within %.0f ms, %.1f %% within 120 ms%n",
                        what,
                        1000 * off.median(),
                        1000 * off.ninetieth(),
                        100 * off.within());
    }

    private static Map<String, Object> figures(WordTimes times) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("words", times.words());
        figures.put("both_within_120_ms", times.bothWithin());
        put(figures, "start", times.start());
        put(figures, "end", times.end());
        return figures;
    }

    private static void put(Map<String, Object> figures, String side, WordTimes.Off off) {
        figures.put(side + "_median_ms", Math.round(1000 * off.median()));
        figures.put(side + "_90th_percentile_ms", Math.round(1000 * off.ninetieth()));
        figures.put(side + "_within_120_ms", off.within());
    }

    private void print(SpeechModel folder, StreamedEvaluation evaluation, int frames) throws IOException {
        WordErrors counts = evaluation.errors();
        var out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("model", folder.card().id().toString());
            figures.put("head", words.head.name().toLowerCase(Locale.ROOT));
            figures.put("beam", words.search().beam());
            figures.put("cache", words.cache.name().toLowerCase(Locale.ROOT));
            figures.put("lookahead", frames);
            figures.put("lookahead_ms", frames * 80);
            figures.put("utterances", evaluation.utterances().size());
            put(figures, counts);
            figures.put("first_words", evaluation.firstWords());
            figures.put("audio_seconds", evaluation.audioSeconds());
            figures.put("real_time_factor", evaluation.realTimeFactor());
            if (wordTimes) {
                figures.put("word_times", figures(evaluation.wordTimes()));
            }
            out.println(new ObjectMapper().writeValueAsString(figures));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%d utterances, %d words: WER %.2f %% (%d substitutions, %d deletions, %d insertions)%n"
                            + "first word right in %d%n"
                            + "%.1f s of audio in %.3f of its time%n",
                    evaluation.utterances().size(),
                    counts.words(),
                    100 * counts.rate(),
                    counts.substitutions(),
                    counts.deletions(),
                    counts.insertions(),
                    evaluation.firstWords(),
                    evaluation.audioSeconds(),
                    evaluation.realTimeFactor());
            if (wordTimes) {
                WordTimes times = evaluation.wordTimes();
                out.printf(
                        Locale.ROOT,
                        "%d words with times: both within 120 ms for %.1f %%%n",
                        times.words(),
                        100 * times.bothWithin());
                off("starts", times.start());
                off("ends", times.end());
            }
        }
        if (errors) {
            evaluation.utterances().stream()
                    .filter(utterance -> utterance.errors().errors() > 0)
                    .sorted((a, b) ->
                            Long.compare(b.errors().errors(), a.errors().errors()))
                    .limit(SHOWN)
                    .forEach(utterance -> spec.commandLine()
                            .getErr()
                            .printf(
                                    "%s%n  said  %s%n  heard %s%n",
                                    utterance.speaker(),
                                    String.join(" ", utterance.said()),
                                    String.join(" ", utterance.heard())));
            spec.commandLine().getErr().flush();
        }
        out.flush();
    }
}
