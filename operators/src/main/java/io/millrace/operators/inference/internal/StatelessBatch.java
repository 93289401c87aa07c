package io.millrace.operators.inference.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.models.streaming.StateBatch;

/** The states of a network that keeps none: a manager for the step and nothing else. */
final class StatelessBatch implements StateBatch, AutoCloseable {

    private final int size;
    private final Device device;
    private NDManager manager;

    StatelessBatch(int size, Device device) {
        this.size = size;
        this.device = device;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public NDManager manager() {
        if (manager == null) {
            manager = NDManager.newBaseManager(device);
        }
        return manager;
    }

    @Override
    public NDArray get(int tensor) {
        throw new UnsupportedOperationException("a stateless model has no tensor " + tensor);
    }

    @Override
    public void put(int tensor, NDArray values) {
        throw new UnsupportedOperationException("a stateless model has no tensor " + tensor);
    }

    @Override
    public void putRow(int tensor, NDArray rows, NDArray values) {
        throw new UnsupportedOperationException("a stateless model has no tensor " + tensor);
    }

    @Override
    public void putRows(int tensor, NDArray items, NDArray rows, NDArray values) {
        throw new UnsupportedOperationException("a stateless model has no tensor " + tensor);
    }

    @Override
    public void close() {
        if (manager != null) {
            manager.close();
        }
    }
}
