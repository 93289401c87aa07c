package io.millrace.operators.inference.arena;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.torch.ArenaKernel;

/**
 * Which rows of which slots have been written since the slot was last copied: for each tensor that is written by rows a
 * byte per row, [slots, rows], beside the arena on the device, so that keeping it needs no word from the host. A tensor
 * that has ever been replaced whole counts as changed whenever its slot is.
 */
final class WriteMarks {

    private final StateSpec spec;
    private final int slots;
    private final NDManager manager;
    private final ArenaKernel kernel;
    private final boolean[] replaced;
    private final NDArray[] rows;

    WriteMarks(StateSpec spec, int slots, NDManager manager, ArenaKernel kernel) {
        this.spec = spec;
        this.slots = slots;
        this.manager = manager;
        this.kernel = kernel;
        this.replaced = new boolean[spec.tensors().size()];
        this.rows = new NDArray[spec.tensors().size()];
    }

    void replaced(int tensor) {
        replaced[tensor] = true;
    }

    /** Notes that row {@code written[b]} of slot {@code index[b]} has been written, for every b. */
    void wrote(int tensor, NDArray index, NDArray written, NDManager step) {
        if (replaced[tensor]) {
            return;
        }
        if (rows[tensor] == null) {
            rows[tensor] = manager.zeros(
                    new Shape(slots, StateChange.rowCount(spec.tensors().get(tensor))), DataType.UINT8);
        }
        kernel.scatterRing(rows[tensor], index, written, step.ones(index.getShape(), DataType.UINT8));
    }

    /** Whether rows of any tensor have been written, so that a change can be smaller than the state. */
    boolean haveRows() {
        for (int t = 0; t < rows.length; t++) {
            if (rows[t] != null && !replaced[t]) {
                return true;
            }
        }
        return false;
    }

    boolean isReplaced(int tensor) {
        return replaced[tensor];
    }

    /** The marks of a tensor, [slots, rows]; null if no row of it has been written yet. */
    NDArray rows(int tensor) {
        return rows[tensor];
    }

    /** Forgets the marks of slots that were copied or given to other keys. */
    void clear(NDArray index, NDManager step) {
        for (NDArray marks : rows) {
            if (marks != null) {
                Shape shape = new Shape(index.size(), marks.getShape().get(1));
                kernel.scatter(marks, index, step.zeros(shape, DataType.UINT8));
            }
        }
    }
}
