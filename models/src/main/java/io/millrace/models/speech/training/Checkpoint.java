package io.millrace.models.speech.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.training.CheckpointFolder;

/**
 * Where a training stands.
 *
 * @param figures what it has done so far
 * @param weights weights
 * @param averages their moving averages
 * @param moments moments of the optimizer
 */
record Checkpoint(
        Figures figures,
        Map<String, HostTensor> weights,
        Map<String, HostTensor> averages,
        Map<String, HostTensor> moments) {

    private static final String WEIGHTS = "weight";
    private static final String AVERAGES = "average";
    private static final String MOMENTS = "moment";

    /**
     * What a training has done.
     *
     * @param round rounds done
     * @param step updates done
     * @param options options that it was begun with, as JSON, so that another training does not go on from it
     * @param validations validations so far
     */
    record Figures(int round, int step, String options, List<SpeechTrainingListener.Validation> validations) {}

    void write(Path folder) throws IOException {
        new CheckpointFolder(folder).write(figures, Map.of(WEIGHTS, weights, AVERAGES, averages, MOMENTS, moments));
    }

    /** Reads the checkpoint of a folder; null if there is none. */
    static Checkpoint in(Path folder) throws IOException {
        CheckpointFolder kept = new CheckpointFolder(folder);
        if (!kept.isPresent()) {
            return null;
        }
        CheckpointFolder.Held<Figures> held = kept.read(Figures.class);
        return new Checkpoint(
                held.figures(),
                held.tensors().get(WEIGHTS),
                held.tensors().get(AVERAGES),
                held.tensors().get(MOMENTS));
    }
}
