package io.millrace.simulators.speech;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/**
 * Speaks text with a synthesiser that is installed: one process a sentence, which writes a file that is read back at
 * 16 kHz.
 */
public final class SpeechSynthesizer {

    private static final long LIMIT_SECONDS = 60;

    /** What would be read as a word. */
    private static final Pattern HALF_OF_DAY = Pattern.compile("\\b([ap])m\\b");

    private final String path;

    /** Programs are sought on the path of this process. */
    public SpeechSynthesizer() {
        this(System.getenv().getOrDefault("PATH", ""));
    }

    /** Programs are sought in the folders of {@code path}, which has colons between them. */
    public SpeechSynthesizer(String path) {
        this.path = path;
    }

    /**
     * How a sentence is spoken.
     *
     * @param tempo speed against the voice's own, 1 for the same
     * @param pitch height against the voice's own, 1 for the same
     */
    public record Manner(double tempo, double pitch) {

        /** As people differ: 0.8 to 1.3 times as fast and 0.7 to 1.3 times as high, drawn by numbers in [0, 1). */
        public static Manner random(DoubleSupplier uniform) {
            double tempo = 0.8 + 0.5 * uniform.getAsDouble();
            return new Manner(tempo, 0.7 + 0.6 * uniform.getAsDouble());
        }
    }

    /** Whether a synthesiser can be run here. */
    public static boolean installed(Voice.Synthesizer synthesizer) {
        return new SpeechSynthesizer().find(synthesizer) != null;
    }

    /**
     * Makes sure that a voice's synthesiser is there.
     *
     * @throws IOException if it is not; the message names Debian's package
     */
    public void require(Voice voice) throws IOException {
        if (find(voice.synthesizer()) == null) {
            throw new IOException(voice.synthesizer().program() + " is not installed (on Debian: apt-get install "
                    + voice.debianPackages() + ")");
        }
    }

    private Path find(Voice.Synthesizer synthesizer) {
        for (String folder : path.split(":")) {
            Path program = Path.of(folder, synthesizer.program());
            if (Files.isExecutable(program)) {
                return program;
            }
        }
        return null;
    }

    /**
     * Speaks a sentence.
     *
     * @return 16 kHz samples in [-1, 1]
     * @throws IOException if the program is not there, fails or does not end; the message names Debian's packages
     */
    public float[] speak(Voice voice, String text, Manner manner) throws IOException {
        require(voice);
        // To a file, since on standard output the header cannot say how long the audio is.
        String spoken = HALF_OF_DAY.matcher(text).replaceAll("$1.m.");
        Path wave = Files.createTempFile("millrace-spoken", ".wav");
        Path log = Files.createTempFile("millrace-spoken", ".log");
        try {
            run(voice, spoken, command(find(voice.synthesizer()).toString(), voice, spoken, manner, wave), log);
            return Recordings.read(wave);
        } catch (IOException e) {
            throw new IOException(
                    "\"" + text + "\" could not be said as " + voice.speaker() + " (Debian: " + voice.debianPackages()
                            + "): " + e.getMessage(),
                    e);
        } finally {
            Files.deleteIfExists(wave);
            Files.deleteIfExists(log);
        }
    }

    private static void run(Voice voice, String text, List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            // A program that ends before it has read all says itself why.
            IOException unread = null;
            try (OutputStream in = process.getOutputStream()) {
                if (readsInput(voice.synthesizer())) {
                    in.write(text.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                unread = e;
            }
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("it does not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException("it ended with code " + process.exitValue() + ": "
                        + Files.readString(log).strip());
            }
            if (unread != null) {
                throw unread;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean readsInput(Voice.Synthesizer synthesizer) {
        return synthesizer == Voice.Synthesizer.FESTIVAL || synthesizer == Voice.Synthesizer.RHVOICE;
    }

    private static List<String> command(String program, Voice voice, String text, Manner manner, Path wave) {
        return switch (voice.synthesizer()) {
            case ESPEAK ->
                List.of(
                        program,
                        "-v",
                        voice.name(),
                        "-s",
                        Long.toString(Math.round(165 * manner.tempo())),
                        "-p",
                        Long.toString(Math.round(Math.max(0, Math.min(99, 50 * manner.pitch())))),
                        "-w",
                        wave.toString(),
                        "--",
                        text);
            case FLITE ->
                List.of(
                        program,
                        "-voice",
                        voice.name(),
                        "--setf",
                        "duration_stretch=" + number(1 / manner.tempo()),
                        "--setf",
                        "f0_shift=" + number(manner.pitch()),
                        "-t",
                        text,
                        "-o",
                        wave.toString());
            case FESTIVAL ->
                List.of(
                        program,
                        "-eval",
                        "(begin (voice_%s) (Parameter.set 'Duration_Stretch %s))"
                                .formatted(voice.name(), number(1 / manner.tempo())),
                        "-o",
                        wave.toString());
            case RHVOICE ->
                List.of(
                        program,
                        "--profile",
                        voice.name(),
                        "--rate",
                        percent(manner.tempo()),
                        "--pitch",
                        percent(manner.pitch()),
                        "--output",
                        wave.toString());
            case PICO ->
                List.of(
                        program,
                        "--lang",
                        voice.name(),
                        "--wave",
                        wave.toString(),
                        "<speed level=\"%s\"><pitch level=\"%s\">%s</pitch></speed>"
                                .formatted(percent(manner.tempo()), percent(manner.pitch()), text));
        };
    }

    private static String percent(double share) {
        return Long.toString(Math.round(100 * share));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
