package io.millrace.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;

/** State of one key as one array of bytes, its tensors one behind another: what fits a {@code ValueState<byte[]>}. */
final class BytesState implements StateBatch, AutoCloseable {

    private final StateSpec spec;
    private final byte[] bytes;
    private final NDManager step;

    BytesState(StateSpec spec, byte[] bytes, NDManager parent) {
        this.spec = spec;
        this.bytes = bytes == null ? new byte[(int) spec.bytesPerKey()] : bytes;
        this.step = parent.newSubManager();
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public NDManager manager() {
        return step;
    }

    @Override
    public NDArray get(int tensor) {
        TensorSpec described = spec.tensors().get(tensor);
        ByteBuffer copy = ByteBuffer.allocateDirect((int) described.bytes()).order(ByteOrder.nativeOrder());
        copy.put(bytes, offset(tensor), (int) described.bytes()).flip();
        return step.create(copy, new Shape(1).addAll(described.shape()), described.type());
    }

    @Override
    public void put(int tensor, NDArray values) {
        copy(values, offset(tensor));
    }

    @Override
    public void putRow(int tensor, NDArray rows, NDArray values) {
        putRows(tensor, null, rows, values);
    }

    @Override
    public void putRows(int tensor, NDArray items, NDArray rows, NDArray values) {
        TensorSpec described = spec.tensors().get(tensor);
        int row = (int) (described.bytes() / described.shape().get(0));
        long[] places = rows.toType(DataType.INT64, false).toLongArray();
        ByteBuffer buffer = values.toByteBuffer();
        for (long place : places) {
            buffer.get(bytes, offset(tensor) + (int) place * row, row);
        }
    }

    private void copy(NDArray values, int at) {
        ByteBuffer buffer = values.toByteBuffer();
        buffer.get(bytes, at, buffer.remaining());
    }

    private int offset(int tensor) {
        List<TensorSpec> before = spec.tensors().subList(0, tensor);
        return (int) before.stream().mapToLong(TensorSpec::bytes).sum();
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        step.close();
    }
}
