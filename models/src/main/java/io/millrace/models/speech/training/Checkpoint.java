package io.millrace.models.speech.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.card.HostTensor;
import io.millrace.models.card.Safetensors;

/**
 * Where a training stands: one file of tensors, one of figures. A kill while it is written leaves the one before.
 *
 * @param round rounds done
 * @param step updates done
 * @param options options that it was begun with, as JSON, so that another training does not go on from it
 * @param validations validations so far
 * @param weights weights
 * @param averages their moving averages
 * @param moments moments of the optimizer
 */
record Checkpoint(
        int round,
        int step,
        String options,
        List<SpeechTrainingListener.Validation> validations,
        Map<String, HostTensor> weights,
        Map<String, HostTensor> averages,
        Map<String, HostTensor> moments) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIGURES = "checkpoint.json";
    private static final List<String> FILES = List.of("checkpoint-a.safetensors", "checkpoint-b.safetensors");
    private static final String WEIGHT = "weight.";
    private static final String AVERAGE = "average.";
    private static final String MOMENT = "moment.";

    private record Figures(
            int round, int step, String options, String tensors, List<SpeechTrainingListener.Validation> validations) {}

    /** Whether there is one in a folder. */
    static boolean in(Path folder) {
        return Files.isRegularFile(folder.resolve(FIGURES));
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> tensors.put(WEIGHT + name, tensor));
        averages.forEach((name, tensor) -> tensors.put(AVERAGE + name, tensor));
        moments.forEach((name, tensor) -> tensors.put(MOMENT + name, tensor));
        // Two files take turns: the figures name the one that belongs to them, and are replaced in one move.
        String before = in(folder) ? figures(folder).tensors() : null;
        String file = FILES.get(0).equals(before) ? FILES.get(1) : FILES.get(0);
        Safetensors.write(folder.resolve(file), tensors);
        Path next = folder.resolve(FIGURES + ".next");
        Files.writeString(next, JSON.writeValueAsString(new Figures(round, step, options, file, validations)));
        Files.move(next, folder.resolve(FIGURES), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (before != null) {
            Files.deleteIfExists(folder.resolve(before));
        }
    }

    private static Figures figures(Path folder) throws IOException {
        return JSON.readValue(Files.readString(folder.resolve(FIGURES)), Figures.class);
    }

    /**
     * Reads the checkpoint of a folder.
     *
     * @throws IOException if it cannot be read
     */
    static Checkpoint read(Path folder) throws IOException {
        Figures figures = figures(folder);
        Map<String, HostTensor> tensors = Safetensors.read(folder.resolve(figures.tensors()));
        return new Checkpoint(
                figures.round(),
                figures.step(),
                figures.options(),
                figures.validations(),
                named(tensors, WEIGHT),
                named(tensors, AVERAGE),
                named(tensors, MOMENT));
    }

    private static Map<String, HostTensor> named(Map<String, HostTensor> tensors, String prefix) {
        Map<String, HostTensor> chosen = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                chosen.put(name.substring(prefix.length()), tensor);
            }
        });
        return chosen;
    }
}
