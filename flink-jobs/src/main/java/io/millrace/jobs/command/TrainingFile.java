package io.millrace.jobs.command;

import java.io.IOException;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The file of {@code --config}, YAML or JSON, that changes options of a training by name. */
public final class TrainingFile {

    private TrainingFile() {}

    /**
     * Changes the options that the file names.
     *
     * @param file null for none
     * @throws ParameterException if the file cannot be read or names an option that there is not
     */
    public static void apply(Path file, Object options, CommandSpec spec) {
        if (file == null) {
            return;
        }
        try {
            new ObjectMapper(new YAMLFactory())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readerForUpdating(options)
                    .readValue(file.toFile());
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--config " + file + ": "
                            + e.getMessage().lines().findFirst().orElse("unreadable"),
                    e);
        }
    }
}
