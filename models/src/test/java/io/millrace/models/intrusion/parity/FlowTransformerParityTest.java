package io.millrace.models.intrusion.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.intrusion.reference.ReferenceConfig.Blocks;
import io.millrace.models.intrusion.reference.ReferenceConfig.Encoding;
import io.millrace.models.parity.ParityReport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlowTransformerParityTest {

    @Test
    void agreesWithTheReferenceImplementation() throws IOException {
        String parity = System.getenv("MILLRACE_PARITY");
        Assumptions.assumeTrue(parity != null, "MILLRACE_PARITY does not name the folder of parity fixtures");
        assertHolds(Path.of(parity, "flowtransformer"), 200);
    }

    @Test
    void agreesWithTheEquationsInDoublePrecision() throws Exception {
        assertHolds(Path.of(getClass().getResource("/parity/flowtransformer").toURI()), 40);
    }

    @Test
    void failsWhenAFigureIsWrong(@TempDir Path folder) throws Exception {
        Path source = Path.of(getClass().getResource("/parity/flowtransformer").toURI());
        for (String file : List.of("config.json", "weights.safetensors", "table.csv")) {
            Files.copy(source.resolve(file), folder.resolve(file));
        }
        Map<String, HostTensor> cases = new HashMap<>(Safetensors.read(source.resolve("cases.safetensors")));
        cases.put("record_encoder_last/probability", HostTensor.of(new float[] {0.5f, 0.5f, 0.5f}, 3));
        cases.put("record_encoder_last/debug_no_such_layer", HostTensor.of(new float[] {0}, 1));
        Safetensors.write(folder.resolve("cases.safetensors"), cases);
        ParityReport report = FlowTransformerParity.run(folder);
        assertThat(report.holds()).isFalse();
        assertThat(report.cases().entrySet().stream()
                        .filter(entry -> !entry.getValue().holds())
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "record_encoder_last/probability", "record_encoder_last/debug_no_such_layer");
    }

    private static void assertHolds(Path folder, int atLeast) throws IOException {
        ParityReport report = FlowTransformerParity.run(folder);
        assertThat(report.cases()).hasSizeGreaterThanOrEqualTo(atLeast);
        assertThat(report.cases())
                .allSatisfy((name, result) ->
                        assertThat(result.maxAbsDiff()).as(name).isLessThanOrEqualTo(result.tolerance()));
        assertThat(report.holds()).isTrue();
    }

    @Test
    void countsParametersAsThePaperDoes() {
        assertThat(ParityConfigs.paper(Encoding.NONE, 0, Blocks.ENCODER).parameterCount())
                .isEqualTo(725_649);
        assertThat(ParityConfigs.paper(Encoding.RECORD_DENSE, 64, Blocks.ENCODER)
                        .parameterCount())
                .isEqualTo(192_065);
        assertThat(ParityConfigs.paper(Encoding.NONE, 0, Blocks.DECODER).parameterCount())
                .isEqualTo(1_327_649);
        assertThat(ParityConfigs.paper(Encoding.RECORD_DENSE, 64, Blocks.GPT).parameterCount())
                .isEqualTo(3_606_081);
        assertThat(ParityConfigs.paper(Encoding.RECORD_DENSE, 64, Blocks.BERT).parameterCount())
                .isEqualTo(29_862_465);
        assertThat(ParityConfigs.paper(Encoding.FIELD_DENSE, 16, Blocks.ENCODER).parameterCount())
                .isEqualTo(470_433);
    }

    @Test
    void namesAFolderThatIsNotThere(@TempDir Path folder) {
        assertThatThrownBy(() -> FlowTransformerParity.run(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
    }

    @Test
    void treatsNanAndInfinityAsEqualOnlyToThemselves() {
        ParityReport report = new ParityReport();
        float inf = Float.POSITIVE_INFINITY;
        report.compare("same", new float[] {Float.NaN, inf, -inf}, new float[] {Float.NaN, inf, -inf}, 0);
        assertThat(report.holds()).isTrue();
        report.compare("other", new float[] {Float.NaN}, new float[] {0}, 1);
        assertThat(report.holds()).isFalse();
        assertThat(report.maxAbsDiff()).isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void bringsTheCountersOfKerasToOnesThatStartWithEachParent() {
        KerasNames names = new KerasNames(
                Map.of("block_9/dense_12/kernel", 1, "block_9/dense_4/kernel", 1, "embedding_3/embeddings", 1)
                        .keySet());
        assertThat(names.canonical("block_9/dense_4/kernel")).isEqualTo("block_9/dense/kernel");
        assertThat(names.canonical("block_9/dense_12/kernel")).isEqualTo("block_9/dense_1/kernel");
        assertThat(names.canonical("embedding_3")).isEqualTo("embedding");
    }
}
