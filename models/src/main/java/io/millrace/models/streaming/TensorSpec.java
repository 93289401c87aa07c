package io.millrace.models.streaming;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.apiguardian.api.API;

/**
 * Name, type and per-key shape of one state tensor.
 *
 * @param name name of the tensor, unique within its {@link StateSpec}
 * @param type element type
 * @param shape shape for one key, without the batch or slot dimension
 * @param readInPlace whether the model reads it by {@link StateBatch#resident}, so that a copy made ahead is of no use
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record TensorSpec(String name, DataType type, Shape shape, boolean readInPlace) {

    /** A tensor that is read by {@link StateBatch#get}. */
    public TensorSpec(String name, DataType type, Shape shape) {
        this(name, type, shape, false);
    }

    public TensorSpec {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("a state tensor needs a name");
        }
        for (long size : shape.getShape()) {
            if (size <= 0) {
                throw new IllegalArgumentException(
                        "state tensor " + name + ": every dimension must be positive, got " + shape);
            }
        }
    }

    /** Bytes that one key takes. */
    public long bytes() {
        return shape.size() * type.getNumOfBytes();
    }
}
