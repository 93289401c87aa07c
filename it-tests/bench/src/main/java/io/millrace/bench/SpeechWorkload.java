package io.millrace.bench;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Random;

import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.operators.inference.FolderModelLoader;
import io.millrace.operators.inference.ModelReference;
import io.millrace.simulators.speech.Recordings;

/**
 * Many audio streams in full course, each a chunk at a time: chunk {@code i} is of stream {@code i mod streams}. The
 * audio is a recording, or noise that comes and goes, heard from another place by each stream.
 *
 * @param streams number of streams
 * @param lookAhead look-ahead in encoder frames
 * @param model folder of the model; null for the one that ships
 * @param audio recording; null for noise
 * @param seed seed of the noise and of the places
 */
record SpeechWorkload(int streams, int lookAhead, String model, String audio, long seed) implements Serializable {

    private static final int POOL = 256;
    /** Mel frames before a chunk, and the encoder frames that they make. */
    private static final int HISTORY = 9;

    private static final int DROP = 2;
    private static final double NOISE_SECONDS = 20;

    SpeechWorkload with(int otherStreams) {
        return new SpeechWorkload(otherStreams, lookAhead, model, audio, seed);
    }

    SpeechModel folder() {
        return found().model();
    }

    ModelReference reference() {
        return found().reference();
    }

    private FolderModelLoader.Found<SpeechModel> found() {
        try {
            return FolderModelLoader.find(model == null ? FolderModelLoader.SHIPPED : model, SpeechModel.KIND);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Milliseconds of audio in a chunk. */
    double chunkMillis() {
        return (lookAhead + 1) * 80.0;
    }

    /** Chunks to draw from: stream s hears numbers s, s + 1 and so on, modulo their count. */
    SpeechChunk[] chunks(FastConformerConfig config) {
        float[] mel = new MelFrontEnd(config.features()).features(samples());
        int bands = config.features();
        int frames = HISTORY + config.subsampling() * (lookAhead + 1);
        int available = mel.length / bands - frames;
        SpeechChunk[] chunks = new SpeechChunk[POOL];
        for (int i = 0; i < POOL; i++) {
            int from = (int) ((long) i * config.subsampling() * (lookAhead + 1) % available);
            chunks[i] = new SpeechChunk(
                    java.util.Arrays.copyOfRange(mel, from * bands, (from + frames) * bands), frames, DROP, lookAhead);
        }
        return chunks;
    }

    /** Which of the chunks a stream hears as its {@code round}th. */
    static int chunk(int stream, long round) {
        return (int) ((stream * 37L + round) % POOL);
    }

    private float[] samples() {
        if (audio != null) {
            try {
                return Recordings.read(Path.of(audio));
            } catch (IOException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        Random random = new Random(seed);
        float[] samples = new float[(int) (NOISE_SECONDS * MelFrontEnd.SAMPLE_RATE)];
        for (int i = 0; i < samples.length; i++) {
            double loud = 0.5 + 0.5 * Math.sin(2 * Math.PI * 3 * i / MelFrontEnd.SAMPLE_RATE);
            samples[i] = (float) (0.1 * loud * random.nextGaussian());
        }
        return samples;
    }

    /** Multiplications and additions of the encoder for one chunk of one stream, heads left out. */
    double operationsPerChunk(FastConformerConfig c) {
        double d = c.width();
        double window = c.contexts().get(0).left() + lookAhead + 1.0;
        double layer = 2 * 2 * c.feedForwardExpansion() * d * d
                + 4 * d * d
                + 3 * d * d
                + c.kernel() * d
                // Scores by content, scores by place, values.
                + 3 * d * window;
        double frame = c.layers() * layer
                + (double) c.subsamplingChannels() * c.encoderFrames(c.features()) * d
                + subsampling(c);
        return 2 * frame * (lookAhead + 1);
    }

    /** Multiplications of the sub-sampling convolutions for one encoder frame. */
    private static double subsampling(FastConformerConfig c) {
        double channels = c.subsamplingChannels();
        double bands = c.features();
        double perFrame = 0;
        double steps = c.subsampling();
        for (int stage = 0; stage < c.stages(); stage++) {
            bands = Math.floor(bands / 2) + 1;
            steps /= 2;
            perFrame += steps * bands * channels * (stage == 0 ? 9 : 9 + channels);
        }
        return perFrame;
    }
}
