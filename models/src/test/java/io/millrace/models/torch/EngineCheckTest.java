package io.millrace.models.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EngineCheckTest {

    @TempDir
    Path folder;

    @Test
    void readsTheVersionOfTheBinding() {
        assertThat(EngineCheck.bindingVersion()).matches("\\d+\\.\\d+\\.\\d+");
    }

    @Test
    void acceptsTheBundledLibrary() {
        assertThatCode(() -> EngineCheck.check("2.7.1", key -> null)).doesNotThrowAnyException();
    }

    @Test
    void refusesAStatedVersionThatDoesNotFit() {
        assertThatThrownBy(() -> EngineCheck.check("2.7.1", Map.of("PYTORCH_VERSION", "2.13.0")::get))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2.13.0")
                .hasMessageContaining("2.7.1");
    }

    @Test
    void refusesAnInstalledPackageOfAnotherVersionWhateverIsStated() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("torch/lib"));
        Files.writeString(folder.resolve("torch/version.py"), "__all__ = ['x']\n__version__ = '2.13.0+cpu'\n");
        Map<String, String> settings = Map.of("PYTORCH_LIBRARY_PATH", lib.toString(), "PYTORCH_VERSION", "2.7.1");
        assertThatThrownBy(() -> EngineCheck.check("2.7.1", settings::get))
                .hasMessageContaining("is version 2.13.0")
                .hasMessageNotContaining("\n");
    }

    @Test
    void acceptsALibtorchArchiveOfTheSameVersion() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("libtorch/lib"));
        Files.writeString(folder.resolve("libtorch/build-version"), "2.7.1+cu128\n");
        EngineCheck.check("2.7.1", Map.of("PYTORCH_LIBRARY_PATH", lib.toString())::get);
    }

    @Test
    void asksForTheVersionOfALibraryThatTellsNone() {
        assertThatThrownBy(() -> EngineCheck.check("2.7.1", Map.of("PYTORCH_LIBRARY_PATH", folder.toString())::get))
                .hasMessageContaining("set PYTORCH_VERSION");
    }

    @Test
    void refusesALibraryPathThatIsNotThere() {
        assertThatThrownBy(() -> EngineCheck.check(
                        "2.7.1",
                        Map.of("PYTORCH_LIBRARY_PATH", folder.resolve("none").toString())::get))
                .hasMessageContaining("not there");
    }

    @Test
    void namesDevices() {
        assertThat(Devices.parse("cpu")).isEqualTo(Device.cpu());
        assertThat(Devices.parse("auto", 0)).isEqualTo(Device.cpu());
        assertThat(Devices.parse("auto", 2)).isEqualTo(Device.gpu(0));
        assertThat(Devices.parse("gpu:1", 2)).isEqualTo(Device.gpu(1));
        assertThatThrownBy(() -> Devices.parse("gpu:2", 2)).hasMessageContaining("sees 2 GPU(s)");
        assertThatThrownBy(() -> Devices.parse("cuda")).hasMessageContaining("auto, cpu or gpu:N");
        assertThatThrownBy(() -> Devices.parse("gpu:0", 0)).hasMessageContaining("PYTORCH_LIBRARY_PATH");
    }

    @Test
    void refusesEngineThreadsBelowOne() {
        assertThatThrownBy(() -> new EngineSettings(0, 1, null)).hasMessageContaining("at least 1");
    }
}
