package io.millrace.operators.speech;

import java.io.Serializable;
import java.time.Instant;
import java.util.Map;

import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.streaming.ModelId;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.operators.features.FeatureSamples;
import io.millrace.schemas.FeatureSample;

/** Samples of what the model heard: a chunk is named after its place in its stretch, and drawn by that name. */
final class SpeechSampling implements Serializable {

    private final FeatureDraw draw;

    SpeechSampling(FeatureDraw draw) {
        this.draw = draw;
    }

    boolean draws(AssembledSpeech speech) {
        return draw.rate() > 0 && draw.draws(id(speech));
    }

    private static String id(AssembledSpeech speech) {
        return speech.key() + '/' + speech.stretchStartTime + '/' + speech.firstFrame;
    }

    /** The sample of a chunk; null if the chunk gave no frame. */
    FeatureSample sample(AssembledSpeech speech, SpeechFrames output, ModelId model) {
        float[] sureness = output.bestLogProbabilities();
        if (sureness.length == 0) {
            return null;
        }
        double sum = 0;
        double least = 0;
        for (float logProbability : sureness) {
            sum += logProbability;
            least = Math.min(least, logProbability);
        }
        return FeatureSample.newBuilder()
                .setSampleId(id(speech))
                .setStage(SpeechDeadLetters.STAGE)
                .setKey(speech.key())
                .setEventTime(Instant.ofEpochMilli(speech.stretchStartTime + speech.heardMillis))
                .setModel(model.name())
                .setModelVersion(model.version())
                .setScore(sum / sureness.length)
                .setFeatures(FeatureSamples.list(meanOfBands(speech)))
                .setEmbedding(FeatureSamples.list(output.embedding()))
                .setCalibration(Map.of(
                        "look_ahead", (double) speech.lookAhead,
                        "frames", (double) sureness.length,
                        "least_log_probability", least))
                .setSampleRate(draw.rate())
                .build();
    }

    private static float[] meanOfBands(AssembledSpeech speech) {
        int bands = speech.mel.length / speech.frames;
        float[] mean = new float[bands];
        for (int i = 0; i < speech.mel.length; i++) {
            mean[i % bands] += speech.mel[i] / speech.frames;
        }
        return mean;
    }
}
