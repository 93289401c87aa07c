package io.millrace.models.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TorchKernelTest {

    private static final String TEXT = """
            def square(self, a: Tensor) -> Tensor:
              return torch.mul(a, a)
            def both(self, a: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:
              return (torch.matmul(a, w[0]), torch.add(a, w[1]))
            """;

    @Test
    void runsSeveralMethodsOfOneModule() {
        try (TorchKernel kernel = TorchKernel.compile("Two", TEXT, Device.cpu());
                NDManager manager = NDManager.newBaseManager()) {
            NDArray a = manager.create(new float[] {1, 2}, new Shape(1, 2));
            assertThat(kernel.call(manager, "square", a).singletonOrThrow().toFloatArray())
                    .containsExactly(1, 4);
            NDList both =
                    kernel.call(manager, "both", a, new NDList(manager.create(new float[] {1, 1}, new Shape(2, 1)), a));
            assertThat(both.get(0).toFloatArray()).containsExactly(3);
            assertThat(both.get(1).toFloatArray()).containsExactly(2, 4);
        }
    }

    @Test
    void letsGradientsFlowToArraysAndLists() {
        try (TorchKernel kernel = TorchKernel.compile("Two", TEXT, Device.cpu());
                NDManager manager = NDManager.newBaseManager()) {
            NDArray a = manager.create(new float[] {1, 2}, new Shape(1, 2));
            NDArray w = manager.create(new float[] {3, 5}, new Shape(2, 1));
            w.setName("kept");
            a.setRequiresGradient(true);
            w.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDList result = kernel.callWithGradient("both", a, new NDList(w, a));
                collector.backward(result.get(0).square().sum());
            }
            assertThat(a.getGradient().toFloatArray()).containsExactly(78, 130);
            assertThat(w.getGradient().toFloatArray()).containsExactly(26, 52);
            assertThat(w.getName()).isEqualTo("kept");
        }
    }

    @Test
    void refusesTextThatDoesNotCompileAndSaysWhy() {
        assertThatThrownBy(() -> TorchKernel.compile(
                        "Bad", "def f(self, a: Tensor) -> Tensor:\n  return torch.no_such(a)\n", Device.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Bad")
                .hasMessageContaining("no_such");
    }

    @Test
    void scattersAndGathersRowsOfAnArena() {
        try (ArenaKernel kernel = new ArenaKernel(Device.cpu());
                NDManager manager = NDManager.newBaseManager()) {
            NDArray arena = manager.zeros(new Shape(5, 3, 2));
            NDArray slots = manager.create(new long[] {4, 1});
            kernel.scatter(arena, slots, manager.arange(12f).reshape(2, 3, 2));
            assertThat(kernel.gather(arena, slots, manager).toFloatArray())
                    .isEqualTo(manager.arange(12f).toFloatArray());
            assertThat(arena.get(0).sum().getFloat()).isZero();
            kernel.scatterRing(
                    arena,
                    slots,
                    manager.create(new long[] {2, 0}),
                    manager.create(new float[] {-1, -2, -3, -4}, new Shape(2, 2)));
            assertThat(arena.get(4).toFloatArray()).containsExactly(0, 1, 2, 3, -1, -2);
            assertThat(arena.get(1).toFloatArray()).containsExactly(-3, -4, 8, 9, 10, 11);
        }
    }

    @Test
    void writesInt64ArenasToo() {
        try (ArenaKernel kernel = new ArenaKernel(Device.cpu());
                NDManager manager = NDManager.newBaseManager()) {
            NDArray arena = manager.zeros(new Shape(3), DataType.INT64);
            kernel.scatter(arena, manager.create(new long[] {1}), manager.create(new long[] {7}));
            assertThat(arena.toLongArray()).containsExactly(0, 7, 0);
        }
    }

    @Test
    void leavesNothingBehindOverTenThousandCalls() {
        try (TorchKernel kernel = TorchKernel.compile("Two", TEXT, Device.cpu());
                ArenaKernel arenas = new ArenaKernel(Device.cpu());
                NDManager manager = NDManager.newBaseManager()) {
            NDArray arena = manager.zeros(new Shape(8, 4));
            NDArray index = manager.create(new long[] {3});
            int before = manager.getManagedArrays().size();
            for (int i = 0; i < 10_000; i++) {
                try (NDManager step = manager.newSubManager()) {
                    NDArray rows = arenas.gather(arena, index, step);
                    NDArray next = kernel.call(step, "both", rows, new NDList(step.zeros(new Shape(4, 1)), rows))
                            .get(1);
                    arenas.scatter(arena, index, next);
                }
            }
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }
}
