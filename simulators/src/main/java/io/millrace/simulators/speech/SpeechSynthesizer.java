package io.millrace.simulators.speech;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Speaks text with a synthesiser that is installed: one process a sentence, which writes a file that is read back at
 * 16 kHz.
 */
public final class SpeechSynthesizer {

    private static final long LIMIT_SECONDS = 60;

    private final Path folder;

    /** {@code folder}: where files may lie while a sentence is spoken. */
    public SpeechSynthesizer(Path folder) {
        this.folder = folder;
    }

    /**
     * How a sentence is spoken.
     *
     * @param tempo speed against the voice's own, 1 for the same
     * @param pitch height against the voice's own, 1 for the same
     */
    public record Manner(double tempo, double pitch) {}

    /** Whether a synthesiser can be run here. */
    public static boolean installed(Voice.Synthesizer synthesizer) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(directory, synthesizer.program()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Speaks a sentence.
     *
     * @return 16 kHz samples in [-1, 1]
     * @throws IOException if the program is not there, fails or does not end
     */
    public float[] speak(Voice voice, String text, Manner manner) throws IOException {
        Path wave = Files.createTempFile(folder, "spoken", ".wav");
        try {
            run(voice, text, manner, wave);
            return Recordings.read(wave);
        } finally {
            Files.deleteIfExists(wave);
        }
    }

    private void run(Voice voice, String text, Manner manner, Path wave) throws IOException {
        String program = voice.synthesizer().program();
        if (!installed(voice.synthesizer())) {
            throw new IOException(program + " is not installed (on Debian: apt-get install " + program + ")");
        }
        Path log = Files.createTempFile(folder, "spoken", ".log");
        try {
            Process process = new ProcessBuilder(command(voice, text, manner, wave))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                if (voice.synthesizer() == Voice.Synthesizer.FESTIVAL) {
                    in.write(text.getBytes(StandardCharsets.US_ASCII));
                }
            }
            boolean ended;
            try {
                ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + program + " spoke", e);
            }
            if (!ended || process.exitValue() != 0 || Files.size(wave) == 0) {
                process.destroyForcibly();
                throw new IOException(program + " could not say \"" + text + "\" as " + voice.name() + ": "
                        + Files.readString(log).strip());
            }
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private static List<String> command(Voice voice, String text, Manner manner, Path wave) {
        return switch (voice.synthesizer()) {
            case ESPEAK ->
                List.of(
                        "espeak-ng",
                        "-v",
                        voice.name(),
                        "-s",
                        Long.toString(Math.round(165 * manner.tempo())),
                        "-p",
                        Long.toString(Math.round(Math.max(0, Math.min(99, 50 * manner.pitch())))),
                        "-w",
                        wave.toString(),
                        text);
            case FLITE ->
                List.of(
                        "flite",
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
                        "text2wave",
                        "-eval",
                        "(begin (voice_%s) (Parameter.set 'Duration_Stretch %s))"
                                .formatted(voice.name(), number(1 / manner.tempo())),
                        "-o",
                        wave.toString());
        };
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
