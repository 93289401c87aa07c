package io.millrace.connectors.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The process in which the files are decoded, since one of them may end it: says each number before it decodes it, on a line
 * of its own, and what came of it if that is wrong.
 */
public final class FuzzedProcess {
    private static final MediaLimits LIMITS = new MediaLimits(1 << 20, Duration.ofMinutes(10), 1 << 16);

    private FuzzedProcess() {}

    /**
     * Decodes the files {@code from} to {@code to}, the last left out, of a seed.
     *
     * @param arguments seed, from, to
     */
    public static void main(String[] arguments) throws IOException {
        Mutation mutation = new Mutation(Long.parseLong(arguments[0]));
        Path file = Files.createTempFile("fuzz", "");
        long[] counts = new long[3];
        try {
            for (long i = Long.parseLong(arguments[1]); i < Long.parseLong(arguments[2]); i++) {
                System.out.println("file " + i);
                System.out.flush();
                try {
                    counts[decode(mutation.bytes(i), i, file)]++;
                } catch (RuntimeException | Error e) {
                    System.out.println("wrong " + i + " " + e);
                }
            }
        } finally {
            Files.delete(file);
        }
        System.out.printf("done %d %d %d%n", counts[0], counts[1], counts[2]);
    }

    /** 0 if it is sound, 1 if it is damaged, 2 if it is refused. */
    private static int decode(byte[] bytes, long number, Path file) throws IOException {
        try (AudioTrack track = open(bytes, number, file)) {
            for (float[][] block = track.next(); block != null; block = track.next()) {
                check(track, block);
            }
            return track.damage().count() == 0 ? 0 : 1;
        } catch (MediaFormatException e) {
            if (e.getMessage().isBlank()) {
                throw new IllegalStateException("no reason");
            }
            return 2;
        }
    }

    private static AudioTrack open(byte[] bytes, long number, Path file) throws IOException {
        if (number / 64 % 2 == 0) {
            return AudioTrack.open(new ByteArrayInputStream(bytes), null, LIMITS);
        }
        Files.write(file, bytes);
        return AudioTrack.open(file, null, LIMITS);
    }

    private static void check(AudioTrack track, float[][] block) {
        if (block.length != track.channels() || block[0].length == 0) {
            throw new IllegalStateException(
                    "a block of " + block.length + " channels, " + block[0].length + " samples");
        }
        for (float[] channel : block) {
            for (float sample : channel) {
                if (channel.length != block[0].length || !Float.isFinite(sample)) {
                    throw new IllegalStateException("a sample of " + sample);
                }
            }
        }
    }
}
