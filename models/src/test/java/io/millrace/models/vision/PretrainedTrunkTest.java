package io.millrace.models.vision;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PretrainedTrunkTest {

    private static final Offset<Float> CLOSE = Offset.offset(2e-4f);

    /** Waves, as whole numbers of 0 to 255. */
    private static float[] picture(int side) {
        float[] pixels = new float[3 * side * side];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    pixels[(c * side + y) * side + x] =
                            (float) Math.floor(127.5 + 127.5 * Math.sin(0.05 * x * (c + 1) + 0.03 * y));
                }
            }
        }
        return pixels;
    }

    /** The figures are those of TensorFlow.js 4.22 (its processor backend) on the model that the trunk was taken from. */
    @Test
    void featuresAreThoseOfTheModelThatItWasTakenFrom() throws Exception {
        try (PretrainedTrunk trunk = PretrainedTrunk.shipped(Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            List<NDArray> features = trunk.features(manager, manager.create(picture(192), new Shape(1, 3, 192, 192)));
            NDArray fine = features.get(0);
            assertThat(fine.getShape()).isEqualTo(new Shape(1, 32, 24, 24));
            assertThat(fine.mean().getFloat()).isCloseTo(-0.0743017f, CLOSE);
            assertThat(fine.abs().mean().getFloat()).isCloseTo(1.4528868f, CLOSE);
            assertThat(at(fine, 0, 0, 0)).isCloseTo(-0.13755f, CLOSE);
            assertThat(at(fine, 5, 3, 4)).isCloseTo(-2.58092f, CLOSE);
            assertThat(at(fine, 31, 7, 2)).isCloseTo(-3.03041f, CLOSE);
            assertThat(at(fine, 17, 11, 11)).isCloseTo(4.82908f, CLOSE);
            NDArray coarse = features.get(1);
            assertThat(coarse.getShape()).isEqualTo(new Shape(1, 96, 12, 12));
            assertThat(coarse.mean().getFloat()).isCloseTo(-0.5048467f, CLOSE);
            assertThat(coarse.abs().mean().getFloat()).isCloseTo(2.1970047f, CLOSE);
            assertThat(at(coarse, 0, 0, 0)).isCloseTo(0.09519f, CLOSE);
            assertThat(at(coarse, 17, 11, 11)).isCloseTo(-2.28503f, CLOSE);
            assertThat(at(coarse, 1, 5, 9)).isCloseTo(-0.90727f, CLOSE);
        }
    }

    private static float at(NDArray features, int channel, int y, int x) {
        return features.getFloat(0, channel, y, x);
    }

    @Test
    void picturesOfABatchDoNotMix() throws Exception {
        try (PretrainedTrunk trunk = PretrainedTrunk.shipped(Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray waves = manager.create(picture(64), new Shape(1, 3, 64, 64));
            NDArray grey = manager.full(new Shape(1, 3, 64, 64), 90f);
            List<NDArray> alone = trunk.features(manager, waves);
            List<NDArray> together = trunk.features(manager, grey.concat(waves, 0));
            for (int tap = 0; tap < 2; tap++) {
                float[] expected = alone.get(tap).toFloatArray();
                assertThat(together.get(tap).get("1:2").toFloatArray()).containsExactly(expected, Offset.offset(1e-3f));
            }
        }
    }

    @Test
    void picturesMustFitTheStrides() throws Exception {
        try (PretrainedTrunk trunk = PretrainedTrunk.shipped(Device.cpu());
                NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            assertThat(trunk.taps()).extracting(Backbone.Tap::stride).containsExactly(8, 16);
            assertThatThrownBy(() -> trunk.features(manager, manager.zeros(new Shape(1, 3, 64, 72))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("multiples of 16")
                    .hasMessageContaining("72");
        }
    }

    @Test
    void anotherModelIsRefusedByTheTensorThatItLacks(@TempDir Path folder) throws Exception {
        Path json = Files.writeString(folder.resolve("model.json"), """
                {"weightsManifest": [{"paths": ["model.bin"], "weights": [
                  {"name": "a", "shape": [2], "dtype": "float32", "quantization": {"dtype": "float16"}}]}]}
                """);
        Files.write(folder.resolve("model.bin"), new byte[4]);
        assertThatThrownBy(() -> PretrainedTrunk.importTfjs(json, folder.resolve("out")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no tensor")
                .hasMessageContaining("Conv1/Conv2D_weights");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
