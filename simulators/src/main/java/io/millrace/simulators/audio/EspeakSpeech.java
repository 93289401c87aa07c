package io.millrace.simulators.audio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.Recordings;

/**
 * Sentences spoken by the synthesiser eSpeak NG, a process a sentence: voices of both sexes, of differing speed and pitch.
 * The same sentence in the same voice is the same to the bit.
 */
public final class EspeakSpeech implements SpeechSource {
    private static final String[] VOICES = {
        "en-us", "en-us+m1", "en-us+m3", "en-us+m7", "en-us+f1", "en-us+f2", "en-us+f4", "en-gb", "en-gb+m2", "en-gb+f3"
    };
    private static final int LIMIT_SECONDS = 30;

    private final String command;
    private final List<String> sentences;

    private EspeakSpeech(String command, List<String> sentences) {
        this.command = command;
        this.sentences = sentences;
    }

    /**
     * Finds the synthesiser.
     *
     * @param command name or path of the program, {@code espeak-ng}
     * @param sentences sentences to choose from; empty to make them up
     * @throws IOException if the program cannot be run; the message names the package that has it
     */
    public static EspeakSpeech find(String command, List<String> sentences) throws IOException {
        try {
            run(List.of(command, "--version"));
        } catch (IOException e) {
            throw new IOException(
                    command + " cannot be run; install the package espeak-ng (Debian: apt-get install espeak-ng)", e);
        }
        return new EspeakSpeech(command, List.copyOf(sentences));
    }

    @Override
    public Speaker speaker(SeededRandom random) {
        String voice = random.pick(VOICES);
        int wordsPerMinute = random.between(130, 190);
        int pitch = random.between(30, 70);
        return each -> speak(voice, wordsPerMinute, pitch, sentence(each));
    }

    private String sentence(SeededRandom random) {
        return sentences.isEmpty() ? Sentences.make(random) : sentences.get(random.below(sentences.size()));
    }

    private Clip speak(String voice, int wordsPerMinute, int pitch, String sentence) throws IOException {
        // To a file, since on standard output the header cannot say how long the audio is.
        Path file = Files.createTempFile("millrace-espeak", ".wav");
        try {
            List<String> arguments = new ArrayList<>(List.of(command, "-v", voice, "-s", "" + wordsPerMinute));
            arguments.addAll(List.of("-p", "" + pitch, "-w", file.toString(), "--", sentence));
            run(arguments);
            Recordings.Recording recording = Recordings.original(file);
            String source = "espeak-ng " + voice + ", speed " + wordsPerMinute + ", pitch " + pitch;
            return new Clip(sentence, source, recording.sampleRate(), recording.samples(), List.of());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void run(List<String> arguments) throws IOException {
        Process process =
                new ProcessBuilder(arguments).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(arguments.get(0) + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException(arguments.get(0) + " failed with code " + process.exitValue() + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(arguments.get(0) + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
