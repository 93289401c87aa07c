package io.millrace.models.torch;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ArrayCopyTest {

    @Test
    void valuesAreCopiedInPlace() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            for (Shape shape : new Shape[] {new Shape(), new Shape(6), new Shape(2, 3), new Shape(1, 3, 2)}) {
                int size = (int) shape.size();
                NDArray values = manager.arange(1f, size + 1f).reshape(shape);
                NDArray target = manager.full(shape, Float.NaN);
                NDArray view = target.reshape(size);

                ArrayCopy.into(target, values);
                float[] copied = values.toFloatArray();
                values.addi(100);

                assertThat(target.toFloatArray()).containsExactly(copied);
                assertThat(view.toFloatArray()).containsExactly(copied);
            }
        }
    }

    @Test
    void aWeightThatLearnsIsChangedByAnyThread() throws Exception {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray weight = manager.zeros(new Shape(3));
            weight.setRequiresGradient(true);
            ExecutorService another = Executors.newSingleThreadExecutor();
            try {
                another.submit(() -> ArrayCopy.into(weight, manager.ones(new Shape(3))))
                        .get();
            } finally {
                another.shutdown();
            }
            assertThat(weight.toFloatArray()).containsExactly(1, 1, 1);
            assertThat(weight.hasGradient()).isTrue();
        }
    }

    @Test
    void anotherShapeIsNotStretched() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray target = manager.zeros(new Shape(2, 3));

            assertThatThrownBy(() -> ArrayCopy.into(target, manager.ones(new Shape(3))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(3)")
                    .hasMessageContaining("(2, 3)");
        }
    }
}
