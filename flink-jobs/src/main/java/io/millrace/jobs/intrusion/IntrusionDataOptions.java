package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.millrace.models.intrusion.FlowRow;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which labelled flows a command reads. */
final class IntrusionDataOptions {

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            description = "Format of the data: ${COMPLETION-CANDIDATES}.",
            completionCandidates = Formats.class,
            converter = FormatConverter.class)
    FlowSource format;

    @Option(
            names = "--data",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled flows; several files are read in the given order.")
    List<Path> data;

    /** Reads one of the files, with a clear line if that cannot be done. */
    List<FlowRow> read(Path file) {
        try {
            return format.read(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), problem(file, e));
        }
    }

    /** Reads all files. */
    List<FlowRow> readAll() {
        List<FlowRow> rows = new ArrayList<>();
        for (Path file : data) {
            rows.addAll(read(file));
        }
        if (rows.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no flows in " + data);
        }
        return rows;
    }

    private static String problem(Path file, IOException e) {
        return Files.exists(file) ? "cannot read " + e.getMessage() : "there is no file " + file;
    }

    /** Names of the formats, for help and completion. */
    static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of(FlowSource.values()).stream()
                    .map(FlowSource::toString)
                    .iterator();
        }
    }

    /** Finds a format by its name. */
    static final class FormatConverter implements CommandLine.ITypeConverter<FlowSource> {
        @Override
        public FlowSource convert(String value) {
            FlowSource source = FlowSource.of(value);
            if (source == null) {
                throw new CommandLine.TypeConversionException(
                        "no format is called " + value + "; there are " + List.of(FlowSource.values()));
            }
            return source;
        }
    }
}
