package io.millrace.models.speech.nemo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Archives that the reference implementation's own code wrote. */
class NemoParityTest {

    private static Path fixture(String name) {
        String parity = System.getenv("MILLRACE_PARITY");
        Assumptions.assumeTrue(parity != null, "MILLRACE_PARITY does not name the folder of parity fixtures");
        return Path.of(parity, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fastconformer", "fastconformer_bn"})
    void givesTheReferencesTensors(String name) throws IOException {
        Path folder = fixture(name);
        Map<String, HostTensor> expected = Safetensors.read(folder.resolve("weights.safetensors"));
        NemoArchive archive = NemoArchive.read(folder.resolve("model.nemo"));
        assertThat(archive.weights().keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((tensor, value) -> {
            HostTensor got = archive.weights().get(tensor);
            assertThat(got).as(tensor).hasToString(value.toString());
            assertThat(got.data()).as(tensor).isEqualTo(value.data());
        });
        assertThat(archive.config().at("/encoder/d_model").intValue())
                .isEqualTo((int) expected.get("encoder.pre_encode.out.bias").shape()[0]);
    }

    @Test
    void writesTheReferencesTexts() throws IOException {
        Path folder = fixture("fastconformer_bn");
        NemoArchive archive = NemoArchive.read(folder.resolve("model.nemo"));
        SentencePieceModel tokenizer = archive.tokenizer().orElseThrow();
        JsonNode labels = archive.config().at("/joint/vocabulary");
        assertThat(tokenizer.size()).isEqualTo(labels.size());
        for (int id = 0; id < labels.size(); id++) {
            assertThat(tokenizer.piece(id)).isEqualTo(labels.get(id).textValue());
        }
        assertThat(tokenizer.encode("THE seven \ufb01 ")).containsExactly(11, 0, 2, 9, 16, 11, 28, 23);

        JsonNode expected = new ObjectMapper()
                .readTree(folder.resolve("config.json").toFile())
                .path("expected_text");
        Map<String, HostTensor> cases = Safetensors.read(folder.resolve("cases.safetensors"));
        for (String head : new String[] {"ctc", "rnnt"}) {
            HostTensor ids = cases.get("heads/" + head + "_ids");
            int width = (int) ids.shape()[1];
            for (int row = 0; row < ids.shape()[0]; row++) {
                int[] sequence = Arrays.stream(ids.longs(), row * width, (row + 1) * width)
                        .filter(id -> id >= 0)
                        .mapToInt(Math::toIntExact)
                        .toArray();
                assertThat(tokenizer.decode(sequence))
                        .isEqualTo(expected.path(head).get(row).textValue());
            }
        }
    }
}
