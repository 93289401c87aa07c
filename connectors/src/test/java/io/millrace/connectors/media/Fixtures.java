package io.millrace.connectors.media;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files of {@code make-fixtures.sh}, and all of what a track gives. */
final class Fixtures {
    private static final List<String> OTHERS = List.of(".f32", ".sh", ".class");

    private Fixtures() {}

    static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(Fixtures.class.getResource("tone.flac"))
                            .toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The names of the files, without their samples. */
    static List<String> names() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> OTHERS.stream().noneMatch(name::endsWith) && name.contains("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(folder().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** What the ffmpeg command makes of a file: values of the channels, interleaved. */
    static float[] samples(String name) {
        FloatBuffer values = ByteBuffer.wrap(bytes(name + ".f32"))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] samples = new float[values.remaining()];
        values.get(samples);
        return samples;
    }

    static AudioTrack open(byte[] bytes) throws IOException {
        return AudioTrack.open(new ByteArrayInputStream(bytes), null, MediaLimits.STANDARD);
    }

    static AudioTrack open(InputStream stream, RawAudio raw) throws IOException {
        return AudioTrack.open(stream, raw, MediaLimits.STANDARD);
    }

    /** All that is still to come, channels interleaved. */
    static float[] rest(AudioTrack track) throws IOException {
        float[] all = new float[1 << 16];
        int filled = 0;
        for (float[][] block = track.next(); block != null; block = track.next()) {
            int more = block.length * block[0].length;
            if (filled + more > all.length) {
                all = Arrays.copyOf(all, Math.max(filled + more, 2 * all.length));
            }
            for (int i = 0; i < block[0].length; i++) {
                for (float[] channel : block) {
                    all[filled++] = channel[i];
                }
            }
        }
        return Arrays.copyOf(all, filled);
    }

    /** All of a stream, which must not be damaged. */
    static float[] whole(byte[] bytes) throws IOException {
        try (AudioTrack track = open(bytes)) {
            float[] all = rest(track);
            if (track.damage().count() > 0) {
                throw new AssertionError(track.damage().lines());
            }
            return all;
        }
    }
}
