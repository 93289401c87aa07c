package io.millrace.connectors.media;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Has mutated files decoded in processes of their own, each within limits of time and memory, and lists what went wrong. */
final class MediaFuzz {
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final long MOST_MEMORY = 1L << 30;

    private final long seed;
    private final List<String> faults = new ArrayList<>();
    private final long[] counts = new long[3];
    private volatile long began;
    private volatile long current;
    private volatile String killed;

    MediaFuzz(long seed) {
        this.seed = seed;
    }

    /** Decodes the first files of the seed. */
    void run(long files) throws IOException, InterruptedException {
        current = -1;
        while (current < files - 1) {
            process(current + 1, files);
        }
    }

    /** A line for each file that ended its process, took too long or too much, or gave something wrong. */
    List<String> faults() {
        return faults;
    }

    /** Files that were decoded whole, decoded in part, and refused, as far as their process came to its end. */
    long[] counts() {
        return counts;
    }

    private void process(long from, long to) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=/dev/null",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FuzzedProcess.class.getName(),
                        Long.toString(seed),
                        Long.toString(from),
                        Long.toString(to))
                .redirectErrorStream(true)
                .start();
        killed = null;
        began = System.nanoTime();
        Thread watch = new Thread(() -> watch(process), "watch");
        watch.setDaemon(true);
        watch.start();
        boolean done = false;
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                done |= line(line);
            }
        }
        int code = process.waitFor();
        watch.interrupt();
        if (!done) {
            current = Math.max(current, from); // or the same would be tried for ever
            faults.add("seed " + seed + ", file " + current + ": " + (killed != null ? killed : "exit code " + code));
        }
    }

    private boolean line(String line) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "file" -> {
                began = System.nanoTime();
                current = Long.parseLong(words[1]);
            }
            case "wrong" -> faults.add("seed " + seed + ", file " + words[1] + ": " + words[2]);
            case "done" -> {
                String[] numbers = line.split(" ");
                for (int i = 0; i < counts.length; i++) {
                    counts[i] += Long.parseLong(numbers[i + 1]);
                }
                return true;
            }
            default -> {} // what a crash prints of itself
        }
        return false;
    }

    private void watch(Process process) {
        try {
            while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - began > LONGEST.toNanos()) {
                    killed = "took more than " + LONGEST.toSeconds() + " s";
                } else if (resident(process) > MOST_MEMORY) {
                    killed = "took more than " + MOST_MEMORY + " bytes";
                }
                if (killed != null) {
                    process.destroyForcibly();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long resident(Process process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) { // the process has just ended
            return 0;
        }
    }
}
