package io.millrace.models.camera.parity;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import io.millrace.models.parity.ParityReport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FodParityTest {

    @Test
    void agreesWithTheReferenceImplementation() throws IOException {
        String parity = System.getenv("MILLRACE_PARITY");
        Assumptions.assumeTrue(parity != null, "MILLRACE_PARITY does not name the folder of parity fixtures");
        ParityReport report = FodParity.run(Path.of(parity, "fod"));
        assertThat(report.cases()).hasSizeGreaterThan(200);
        assertThat(report.cases().entrySet())
                .filteredOn(entry -> !entry.getValue().holds())
                .isEmpty();
    }

    @Test
    void namesAFolderThatIsNotThere(@TempDir Path folder) {
        assertThatThrownBy(() -> FodParity.run(folder.resolve("none")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
    }
}
