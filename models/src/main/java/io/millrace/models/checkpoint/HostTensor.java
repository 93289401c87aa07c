package io.millrace.models.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** A tensor in host memory: type, shape and little-endian elements, as a weights file holds it. */
public final class HostTensor {

    private final DataType type;
    private final long[] shape;
    private final ByteBuffer data;

    /**
     * A tensor over bytes that nobody changes any more.
     *
     * @param type element type
     * @param shape dimensions; none for a scalar
     * @param data little-endian elements, row by row, from position to limit
     */
    public HostTensor(DataType type, long[] shape, ByteBuffer data) {
        long bytes = Math.multiplyExact(new Shape(shape).size(), (long) type.getNumOfBytes());
        if (data.remaining() != bytes) {
            throw new IllegalArgumentException("a " + type + " tensor of shape " + Arrays.toString(shape) + " has "
                    + bytes + " bytes, got " + data.remaining());
        }
        this.type = type;
        this.shape = shape.clone();
        this.data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A float32 tensor. */
    public static HostTensor of(float[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new HostTensor(DataType.FLOAT32, shape, data);
    }

    /** An int64 tensor. */
    public static HostTensor of(long[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return new HostTensor(DataType.INT64, shape, data);
    }

    /** A copy of a float32 or int64 array. */
    public static HostTensor of(NDArray array) {
        return array.getDataType() == DataType.INT64
                ? of(array.toLongArray(), array.getShape().getShape())
                : of(array.toFloatArray(), array.getShape().getShape());
    }

    public DataType type() {
        return type;
    }

    public long[] shape() {
        return shape.clone();
    }

    /** The elements, little-endian; a view of its own. */
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements as floats. Fails unless the type is float32, float64 or float16. */
    public float[] floats() {
        float[] values = new float[elements()];
        if (type == DataType.FLOAT32) {
            data().asFloatBuffer().get(values);
        } else if (type == DataType.FLOAT64) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) data.getDouble(i * Double.BYTES);
            }
        } else if (type == DataType.FLOAT16) {
            for (int i = 0; i < values.length; i++) {
                values[i] = StorageType.half(data.getShort(i * Short.BYTES));
            }
        } else {
            throw new IllegalStateException("tensor holds " + type + ", not floats");
        }
        return values;
    }

    /** The elements as longs. Fails unless the type is int64. */
    public long[] longs() {
        if (type != DataType.INT64) {
            throw new IllegalStateException("tensor holds " + type + ", not int64");
        }
        long[] values = new long[elements()];
        data().asLongBuffer().get(values);
        return values;
    }

    /** A float32 or int64 array of the engine with these elements; other floats become float32. */
    public NDArray toArray(NDManager manager) {
        return type == DataType.INT64
                ? manager.create(longs(), new Shape(shape))
                : manager.create(floats(), new Shape(shape));
    }

    private int elements() {
        return data.remaining() / type.getNumOfBytes();
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
