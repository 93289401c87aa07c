package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.millrace.jobs.cli.Millrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class CompareIntrusionCommandTest {

    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... more) throws IOException {
        Path training = folder.resolve("training.txt");
        Path test = folder.resolve("test.txt");
        if (!Files.exists(training)) {
            Files.write(training, rows(200, 1));
            Files.write(test, rows(60, 2));
        }
        List<String> arguments = new ArrayList<>(List.of("intrusion", "--format", "nsl-kdd"));
        arguments.addAll(List.of("--data", training.toString(), "--test-data", test.toString()));
        arguments.addAll(List.of("--out", folder.resolve("table").toString()));
        arguments.addAll(List.of("--windows", "150", "--epochs", "1", "--encodings", "none,field_lookup"));
        arguments.addAll(List.of(more));
        errors.getBuffer().setLength(0);
        PrintWriter writer = new PrintWriter(errors, true);
        return Millrace.commandLine()
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, given) -> {
                    writer.println(wrong.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .setErr(writer)
                .setOut(new PrintWriter(new StringWriter()))
                .execute(Stream.concat(Stream.of("compare"), arguments.stream()).toArray(String[]::new));
    }

    /** NSL-KDD lines in which attacks have many more source bytes and their own service. */
    private static List<String> rows(int count, long seed) {
        Random random = new Random(seed);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean attack = random.nextBoolean();
            StringBuilder row = new StringBuilder("0,tcp,")
                    .append(attack ? "private" : "http")
                    .append(",SF,");
            row.append(attack ? 5000 + random.nextInt(1000) : random.nextInt(100));
            for (int cell = 5; cell < 41; cell++) {
                row.append(',').append(random.nextInt(3));
            }
            rows.add(row.append(',')
                    .append(attack ? "neptune" : "normal")
                    .append(",20")
                    .toString());
        }
        return rows;
    }

    @Test
    void writesARowForEachCombinationAndMakesNoneTwice() throws IOException {
        assertThat(run("--heads", "last_token")).isZero();
        Path markdown = folder.resolve("table/comparison.md");
        List<String> first = Files.readAllLines(markdown);
        assertThat(first).filteredOn(line -> line.startsWith("| encoder | ")).hasSize(2);

        assertThat(run("--heads", "last_token,cls")).isZero();

        assertThat(errors.toString().lines().filter(line -> line.endsWith("there already")))
                .hasSize(2);
        List<String> second = Files.readAllLines(markdown);
        assertThat(second).hasSize(first.size() + 2).startsWith(first.toArray(String[]::new));
        assertThat(Files.readAllLines(folder.resolve("table/comparison.csv")))
                .hasSize(5)
                .allSatisfy(line -> assertThat(line.split(",")).hasSize(9));
    }

    @Test
    void refusesADirectoryWithResultsOfAnotherSeed() throws IOException {
        assertThat(run("--heads", "last_token")).isZero();

        assertThat(run("--heads", "last_token", "--seed", "2")).isEqualTo(2);

        assertThat(errors.toString()).contains("choose another directory");
    }

    @Test
    void whatThereIsNotToCompareIsNamed() throws IOException {
        assertThat(run("--heads", "tail")).isEqualTo(2);
        assertThat(errors.toString()).contains("--heads");
        assertThat(run("--heads", "last_token", "--windows", "0")).isEqualTo(2);
        assertThat(run("--heads", "last_token", "--epochs", "0")).isEqualTo(2);
        assertThat(errors.toString().strip()).hasLineCount(1);
        Files.delete(folder.resolve("test.txt"));
        assertThat(run("--heads", "last_token")).isEqualTo(2);
        assertThat(errors.toString()).contains("there is no file " + folder.resolve("test.txt"));
        assertThat(folder.resolve("table/comparison.md")).doesNotExist();
    }
}
