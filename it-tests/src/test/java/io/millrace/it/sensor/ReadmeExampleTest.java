package io.millrace.it.sensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the README shows of the example stage is what stands in it. */
class ReadmeExampleTest {

    private static final Path FOLDER = Path.of("src/test/java/io/millrace/it/sensor");
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static String section() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        int start = readme.indexOf("## Add a stage\n");
        return readme.substring(start, readme.indexOf("\n## ", start + 1));
    }

    @Test
    void everyPieceOfCodeIsOfTheExample() throws IOException {
        String all;
        try (Stream<Path> files = Files.list(FOLDER)) {
            all = files.map(ReadmeExampleTest::text).collect(Collectors.joining("\n"));
        }
        List<String> pieces =
                CODE.matcher(section()).results().map(found -> found.group(1)).toList();
        assertThat(pieces).hasSizeGreaterThan(4);
        assertThat(pieces).allSatisfy(piece -> assertThat(all).contains(piece));
    }

    @Test
    void everyFileOfTheExampleIsSpokenOf() throws IOException {
        String section = section();
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".java", ""))
                            .filter(name -> !name.equals(getClass().getSimpleName())))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(section).contains("`" + name + "`"));
        }
        Matcher folder = Pattern.compile("\\(([^)]*/sensor)\\)").matcher(section);
        assertThat(folder.find()).isTrue();
        assertThat(Path.of("..", folder.group(1)).toRealPath()).isEqualTo(FOLDER.toRealPath());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
