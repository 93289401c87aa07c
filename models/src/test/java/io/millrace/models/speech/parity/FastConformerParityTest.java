package io.millrace.models.speech.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.parity.ParityReport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FastConformerParityTest {

    @ParameterizedTest
    @ValueSource(strings = {"fastconformer", "fastconformer_bn"})
    void agreesWithTheReferenceImplementation(String fixture) throws Exception {
        assertHolds(Path.of(getClass().getResource("/parity/" + fixture).toURI()), 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fastconformer", "fastconformer_bn"})
    void agreesWithAllItsFigures(String fixture) throws IOException {
        String parity = System.getenv("MILLRACE_PARITY");
        Assumptions.assumeTrue(parity != null, "MILLRACE_PARITY does not name the folder of parity fixtures");
        assertHolds(Path.of(parity, fixture), 300);
    }

    private static void assertHolds(Path folder, int atLeast) throws IOException {
        ParityReport report = FastConformerParity.run(folder);
        assertThat(report.cases()).hasSizeGreaterThan(atLeast);
        assertThat(failures(report)).isEmpty();
        assertThat(report.holds()).isTrue();
    }

    private static List<String> failures(ParityReport report) {
        return report.cases().entrySet().stream()
                .filter(entry -> !entry.getValue().holds())
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void failsWhenAFigureIsWrongOrNothingIsHeldAgainstIt(@TempDir Path folder) throws Exception {
        Path source = Path.of(getClass().getResource("/parity/fastconformer_bn").toURI());
        for (String file : List.of("config.json", "weights.safetensors")) {
            Files.copy(source.resolve(file), folder.resolve(file));
        }
        Map<String, HostTensor> cases = new HashMap<>(Safetensors.read(source.resolve("cases.safetensors")));
        String loss = "loss/rnnt_mean_batch";
        cases.put(loss, HostTensor.of(new float[] {cases.get(loss).floats()[0] * 1.001f}, 1));
        cases.put("heads/no_such_head", HostTensor.of(new float[] {0}, 1));
        Safetensors.write(folder.resolve("cases.safetensors"), cases);
        assertThat(failures(FastConformerParity.run(folder))).containsExactlyInAnyOrder(loss, "heads/no_such_head");
    }

    @Test
    void namesAFolderThatIsNotThere(@TempDir Path folder) {
        assertThatThrownBy(() -> FastConformerParity.run(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
    }
}
