package io.millrace.models.intrusion.reference;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import io.millrace.models.torch.Scalars;

/** ReferenceLayers over weights in the reference's layout: dense kernels [in, out], attention kernels [d, heads, key size]. */
final class ReferenceLayers {

    private final Map<String, NDArray> weights;
    private final boolean training;

    ReferenceLayers(Map<String, NDArray> weights, boolean training) {
        this.weights = weights;
        this.training = training;
    }

    NDArray weight(String name) {
        NDArray weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("weight " + name + " is missing");
        }
        return weight;
    }

    /** Dense over the last dimension; a kernel with a leading one is a convolution of width one, which is the same. */
    NDArray dense(String name, NDArray x) {
        NDArray kernel = weight(name + "/kernel");
        Shape shape = kernel.getShape();
        if (shape.dimension() == 3) {
            kernel = kernel.squeeze(0);
        }
        NDArray product = x.matMul(kernel);
        NDArray bias = weights.get(name + "/bias");
        return bias == null ? product : product.add(bias);
    }

    NDArray norm(String name, NDArray x) {
        return LayerNorm.layerNorm(
                        x,
                        new Shape(x.getShape().get(x.getShape().dimension() - 1)),
                        weight(name + "/gamma"),
                        weight(name + "/beta"),
                        ReferenceConfig.EPSILON)
                .singletonOrThrow();
    }

    NDArray dropout(NDArray x, float rate) {
        return training && rate > 0 ? Dropout.dropout(x, rate, true).singletonOrThrow() : x;
    }

    /** Multi-head attention without a mask; the query is divided by the root of the key size. */
    NDArray multiHead(String name, NDArray query, NDArray source, int heads, int keyDim) {
        NDArray q = Scalars.times(project(name + "/query", query, heads, keyDim), 1 / Math.sqrt(keyDim));
        NDArray k = project(name + "/key", source, heads, keyDim);
        NDArray v = project(name + "/value", source, heads, keyDim);
        NDArray kernel = weight(name + "/attention_output/kernel");
        return attend(q, k, v, null)
                .matMul(kernel.reshape((long) heads * keyDim, kernel.getShape().get(2)))
                .add(weight(name + "/attention_output/bias"));
    }

    /** Attention over [B, heads, T, key size] into [B, T, heads * key size]. */
    static NDArray attend(NDArray q, NDArray k, NDArray v, NDArray mask) {
        NDArray scores = q.matMul(k.transpose(0, 1, 3, 2));
        NDArray shares = (mask == null ? scores : scores.add(mask.mul(-1e9f))).softmax(-1);
        NDArray mixed = shares.matMul(v).transpose(0, 2, 1, 3);
        Shape shape = mixed.getShape();
        return mixed.reshape(shape.get(0), shape.get(1), shape.get(2) * shape.get(3));
    }

    private NDArray project(String name, NDArray x, int heads, int keyDim) {
        NDArray kernel = weight(name + "/kernel");
        NDArray projected = x.matMul(kernel.reshape(kernel.getShape().get(0), (long) heads * keyDim))
                .add(weight(name + "/bias").reshape((long) heads * keyDim));
        return split(projected, heads, keyDim);
    }

    static NDArray split(NDArray x, int heads, int size) {
        return x.reshape(x.getShape().get(0), x.getShape().get(1), heads, size).transpose(0, 2, 1, 3);
    }
}
