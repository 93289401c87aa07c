package io.millrace.models.streaming;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.apiguardian.api.API;

/**
 * The states of the keys of one batch. Row {@code b} of every array belongs to input {@code b}.
 *
 * <p>Reads see the states as they were before the step. Writes are collected and take effect only when the whole step
 * has succeeded, so a step that throws leaves every key as it was.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface StateBatch {

    /** Number of keys in the batch, B. */
    int size();

    /** Manager of this step: whatever is attached to it is closed when the step is over. */
    NDManager manager();

    /**
     * Reads a tensor.
     *
     * @param tensor index in {@link StateSpec#tensors()}
     * @return array of shape [B, shape of the tensor]; not to be changed in place
     */
    NDArray get(int tensor);

    /**
     * Keys' states where they lie, among others.
     *
     * @param rows array of shape [R, shape of the tensor], R at least B; not to be changed in place
     * @param places int64 array of shape [B]: the row of each key; null if row {@code b} is that of input {@code b}
     */
    record Resident(NDArray rows, NDArray places) {}

    /**
     * Reads a tensor, if it can be done without a copy of it: for large tensors, of which {@link #get} would move more
     * memory than the step itself. The rows of other keys may hold anything.
     *
     * @param tensor index in {@link StateSpec#tensors()}
     * @return the tensor, R being at most twice B
     */
    default Resident resident(int tensor) {
        return new Resident(get(tensor), null);
    }

    /**
     * Replaces a tensor for every key of the batch.
     *
     * @param tensor index in {@link StateSpec#tensors()}
     * @param values array of shape [B, shape of the tensor]
     */
    void put(int tensor, NDArray values);

    /**
     * Replaces one row (an index into the first dimension of the per-key shape) of a tensor for every key: how a ring
     * buffer is written without copying it whole.
     *
     * @param tensor index in {@link StateSpec#tensors()}
     * @param rows int64 array of shape [B]: the row to write for each key
     * @param values array of shape [B, shape of the tensor without its first dimension]
     */
    void putRow(int tensor, NDArray rows, NDArray values);

    /**
     * Replaces rows of a tensor, as many for each key as the step likes; a row at most once.
     *
     * @param tensor index in {@link StateSpec#tensors()}
     * @param items int64 array of shape [N]: which key of the batch
     * @param rows int64 array of shape [N]: the row to write for that key
     * @param values array of shape [N, shape of the tensor without its first dimension]
     */
    void putRows(int tensor, NDArray items, NDArray rows, NDArray values);
}
