package io.millrace.models.checkpoint;

import java.util.Arrays;

/**
 * A tensor as torch pickles it: a place in a storage.
 *
 * @param storage the storage
 * @param offset first element, in elements
 * @param shape dimensions
 * @param stride elements from one index to the next, for each dimension
 */
record TensorView(Storage storage, long offset, long[] shape, long[] stride) {

    private static final int MAX_RANK = 16;

    /**
     * @param type element type
     * @param key name of the storage in the checkpoint
     * @param elements its length
     */
    record Storage(StorageType type, String key, long elements) {}

    TensorView {
        if (shape.length != stride.length || shape.length > MAX_RANK) {
            throw new IllegalArgumentException(
                    "a tensor with " + shape.length + " sizes and " + stride.length + " strides");
        }
        if (offset < 0 || Arrays.stream(shape).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape) + " at offset " + offset);
        }
        if (!isContiguous(shape, stride)) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape) + " with strides "
                    + Arrays.toString(stride) + " is not contiguous: save it after contiguous()");
        }
        if (Math.addExact(offset, size(shape)) > storage.elements()) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape) + " at offset " + offset
                    + " ends outside its storage of " + storage.elements());
        }
    }

    /** Number of elements. */
    long size() {
        return size(shape);
    }

    private static long size(long[] shape) {
        if (Arrays.stream(shape).anyMatch(size -> size == 0)) {
            return 0;
        }
        try {
            return Arrays.stream(shape).reduce(1, Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape), e);
        }
    }

    /** Row by row without gaps; the stride of a dimension of size one does not matter, nor any of an empty tensor. */
    private static boolean isContiguous(long[] shape, long[] stride) {
        if (size(shape) == 0) {
            return true;
        }
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && stride[i] != expected) {
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }
}
