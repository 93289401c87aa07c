package io.millrace.it;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a native library prints goes past the streams of this process: only another process shows it. */
@Timeout(300)
class QuietTerminalIT {

    @Test
    void theDemoPrintsItsOwnLinesAlone(@TempDir Path folder) throws Exception {
        try (CommandProcess demo = CommandProcess.start(
                folder, List.of("-Xmx1g"), "demo", "--only=intrusion", "--duration=5s", "--rate=100")) {
            assertThat(demo.awaitEnd()).as(demo.output()).isZero();

            assertThat(demo.output())
                    .contains("flows flagged", "alerts right", "attacks of 8 flows or more found")
                    .doesNotContain("[W", "Warning", "Exception");
        }
    }
}
