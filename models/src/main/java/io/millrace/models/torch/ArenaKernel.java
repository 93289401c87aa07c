package io.millrace.models.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Gather and in-place scatter of rows of an arena: an array [slots, ...] that holds one tensor of many keys.
 *
 * <p>Indices are int64 arrays on the arena's device. An index out of range fails with an error of the engine and, on
 * the CPU, before anything is written for later indices; an index must not occur twice in one scatter.
 */
public final class ArenaKernel implements AutoCloseable {

    private static final String TEXT = """
            def gather(self, arena: Tensor, index: Tensor) -> Tensor:
              return torch.index_select(arena, 0, index)
            def span(self, arena: Tensor, begin: int, end: int) -> Tensor:
              return torch.slice(arena, 0, begin, end)
            def scatter(self, arena: Tensor, index: Tensor, rows: Tensor) -> int:
              _0 = torch.index_copy_(arena, 0, index, rows)
              return 0
            def clear(self, arena: Tensor, index: Tensor) -> int:
              _0 = torch.index_fill_(arena, 0, index, 0)
              return 0
            def scatterRing(self, arena: Tensor, slots: Tensor, rows: Tensor, values: Tensor) -> int:
              window = torch.size(arena, 1)
              flat = torch.flatten(arena, 0, 1)
              index = torch.add(torch.mul(slots, window), rows)
              _0 = torch.index_copy_(flat, 0, index, values)
              return 0
            """;

    private final TorchKernel kernel;

    /** Compiles the kernel for a device. */
    public ArenaKernel(Device device) {
        kernel = TorchKernel.compile("Arena", TEXT, device);
    }

    /**
     * Copies rows out.
     *
     * @param arena [slots, ...]
     * @param index int64 [B]
     * @param manager manager that the result belongs to
     * @return [B, ...]
     */
    public NDArray gather(NDArray arena, NDArray index, NDManager manager) {
        return kernel.call(manager, "gather", arena, index).singletonOrThrow();
    }

    /**
     * Some neighbouring rows as they lie: a view.
     *
     * @param arena [slots, ...]
     * @param begin first row
     * @param end row after the last
     * @param manager manager that the view belongs to
     * @return [end - begin, ...]
     */
    public NDArray span(NDArray arena, long begin, long end, NDManager manager) {
        return kernel.call(manager, "span", arena, begin, end).singletonOrThrow();
    }

    /**
     * Writes rows in place.
     *
     * @param arena [slots, ...], changed
     * @param index int64 [B]
     * @param rows [B, ...]
     */
    public void scatter(NDArray arena, NDArray index, NDArray rows) {
        kernel.run("scatter", arena, index, rows);
    }

    /**
     * Fills rows with zeros in place.
     *
     * @param arena [slots, ...], changed
     * @param index int64 [B]
     */
    public void clear(NDArray arena, NDArray index) {
        kernel.run("clear", arena, index);
    }

    /**
     * Writes one row of the ring of each of B keys in place.
     *
     * @param arena [slots, W, ...], contiguous, changed
     * @param slots int64 [B], slot of each key
     * @param rows int64 [B], row of the ring, 0..W-1
     * @param values [B, ...]
     */
    public void scatterRing(NDArray arena, NDArray slots, NDArray rows, NDArray values) {
        kernel.run("scatterRing", arena, slots, rows, values);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
