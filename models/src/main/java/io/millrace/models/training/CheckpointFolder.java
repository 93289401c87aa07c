package io.millrace.models.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;

/**
 * Where a training keeps how far it is: one file of tensors in named groups (weights, their averages, the optimizer's
 * moments), one of figures. A kill while it is written leaves the one before.
 */
public final class CheckpointFolder {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIGURES = "checkpoint.json";
    private static final List<String> FILES = List.of("checkpoint-a.safetensors", "checkpoint-b.safetensors");
    private static final char IN_GROUP = '.';

    private record Kept(String tensors, JsonNode figures) {}

    /**
     * What a folder holds.
     *
     * @param figures figures of the training
     * @param tensors tensors by group and name
     */
    public record Held<F>(F figures, Map<String, Map<String, HostTensor>> tensors) {}

    private final Path folder;

    /** A folder, which is made with the first checkpoint. */
    public CheckpointFolder(Path folder) {
        this.folder = folder;
    }

    /** Whether it holds a checkpoint. */
    public boolean isPresent() {
        return Files.isRegularFile(folder.resolve(FIGURES));
    }

    /**
     * Replaces the checkpoint in one move.
     *
     * @param figures a record that Jackson writes and reads
     * @param tensors tensors by group (without a dot) and name
     * @throws IOException if it cannot be written; the one before is left then
     */
    public void write(Object figures, Map<String, Map<String, HostTensor>> tensors) throws IOException {
        Files.createDirectories(folder);
        Map<String, HostTensor> all = new LinkedHashMap<>();
        tensors.forEach((group, named) -> named.forEach((name, tensor) -> all.put(group + IN_GROUP + name, tensor)));
        // Two files take turns: the figures name the one that belongs to them.
        String before = isPresent() ? kept().tensors() : null;
        String file = FILES.get(0).equals(before) ? FILES.get(1) : FILES.get(0);
        Safetensors.write(folder.resolve(file), all);
        Path next = folder.resolve(FIGURES + ".next");
        Files.writeString(next, JSON.writeValueAsString(new Kept(file, JSON.valueToTree(figures))));
        Files.move(next, folder.resolve(FIGURES), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (before != null) {
            Files.deleteIfExists(folder.resolve(before));
        }
    }

    private Kept kept() throws IOException {
        return JSON.readValue(Files.readString(folder.resolve(FIGURES)), Kept.class);
    }

    /**
     * Reads the checkpoint.
     *
     * @throws IOException if it cannot be read, or its figures are not of this kind
     */
    public <F> Held<F> read(Class<F> figures) throws IOException {
        Kept kept = kept();
        Map<String, Map<String, HostTensor>> tensors = new LinkedHashMap<>();
        Safetensors.read(folder.resolve(kept.tensors())).forEach((full, tensor) -> {
            int dot = full.indexOf(IN_GROUP);
            tensors.computeIfAbsent(full.substring(0, dot), none -> new LinkedHashMap<>())
                    .put(full.substring(dot + 1), tensor);
        });
        return new Held<>(JSON.treeToValue(kept.figures(), figures), tensors);
    }
}
