package io.millrace.models.camera.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import io.millrace.models.torch.Scalars;

/**
 * Focus the Discrepancy (Yao et al., ICCV 2023, arXiv 2308.02983): transformers that rebuild the features of a picture,
 * one for each level. Tokens attend to each other (intra-correlation) and to those of the mean normal picture
 * (inter-correlation); each attention is told by two widths a token which correlation would be expected of a normal one, and
 * where the two disagree, something is out of place. Gradients flow through everything.
 */
public final class Fod {

    private final FodConfig config;
    private final Map<String, NDArray> weights;

    /**
     * A network over weights.
     *
     * @param weights by the names of {@link FodWeights}
     */
    public Fod(FodConfig config, Map<String, NDArray> weights) {
        this.config = config;
        this.weights = weights;
    }

    /**
     * A correlation and what is expected of it.
     *
     * @param actual attention of each token to each, [B, heads, L, L]
     * @param target the same by distance alone: rows of an anisotropic Gaussian (section 3.3)
     * @param raw the target before its rows are normalised
     */
    public record Correlation(NDArray actual, NDArray target, NDArray raw) {}

    /**
     * What the network makes of a level.
     *
     * @param tokens pooled features, [B, L, C], rows of the picture one after the other
     * @param embedding projected tokens with their positions, [B, L, d]
     * @param referenceEmbedding the same of the reference, [1, L, d]
     * @param output tokens as it rebuilds them, [B, L, C]
     * @param intra correlations among the tokens, by layer; empty without
     * @param inter correlations with the reference, by layer; empty without
     */
    public record Pass(
            NDArray tokens,
            NDArray embedding,
            NDArray referenceEmbedding,
            NDArray output,
            List<Correlation> intra,
            List<Correlation> inter) {}

    /**
     * Features as tokens: each cell is the mean of the 3 by 3 around it, cells beyond the border counting as zeros.
     *
     * @param features [B, C, H, W]
     * @return [B, H * W, C]
     */
    public static NDArray tokens(NDArray features) {
        Shape shape = features.getShape();
        return Pool.avgPool2d(features, new Shape(3, 3), new Shape(1, 1), new Shape(1, 1), false, true)
                .reshape(shape.get(0), shape.get(1), shape.get(2) * shape.get(3))
                .transpose(0, 2, 1);
    }

    /**
     * Runs a level.
     *
     * @param level which
     * @param tokens [B, L, C] of {@link #tokens}
     * @param reference mean tokens of normal pictures, [L, C]
     */
    public Pass forward(int level, NDArray tokens, NDArray reference) {
        FodConfig.Level sizes = config.levels().get(level);
        NDArray position = position(tokens.getManager(), sizes);
        NDArray embedding = embed(level + ".embedding.", tokens, sizes).add(position);
        NDArray referenceEmbedding =
                embed(level + ".ref_embedding.", reference.expandDims(0), sizes).add(position);
        Distances distances = Distances.of(tokens.getManager(), sizes.side());
        List<Correlation> intra = new ArrayList<>();
        List<Correlation> inter = new ArrayList<>();
        NDArray x = embedding;
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = level + ".encoder.encode_layers." + layer + '.';
            NDArray own = null;
            NDArray other = null;
            if (config.intra()) {
                Attended attended = attend(prefix + "self_attention.", x, x, distances);
                intra.add(attended.correlation());
                own = attended.values();
            }
            if (config.inter()) {
                Attended attended = attend(prefix + "cross_attention.", x, referenceEmbedding, distances);
                inter.add(attended.correlation());
                other = attended.values();
            }
            NDArray fused = norm(prefix + "norm1", fuse(x, own, other));
            NDArray hidden = Activation.gelu(linear(prefix + "ffn.fc1", fused));
            x = norm(prefix + "norm2", fused.add(linear(prefix + "ffn.fc2", hidden)));
        }
        NDArray output = linear(level + ".projection", norm(level + ".encoder.norm", x));
        return new Pass(tokens, embedding, referenceEmbedding, output, intra, inter);
    }

    /** (x + intra) - (x + inter), of which x falls out but for rounding; with one branch alone it is added to x. */
    private static NDArray fuse(NDArray x, NDArray intra, NDArray inter) {
        if (intra == null) {
            return x.add(inter);
        }
        return inter == null ? x.add(intra) : x.add(intra).sub(x.add(inter));
    }

    private record Attended(NDArray values, Correlation correlation) {}

    private Attended attend(String name, NDArray x, NDArray source, Distances distances) {
        NDArray query = heads(linear(name + "query_projection", x));
        NDArray key = heads(linear(name + "key_projection", source));
        NDArray value = heads(linear(name + "value_projection", source));
        long width = query.getShape().get(3);
        NDArray actual = Scalars.times(query.matMul(key.transpose(0, 1, 3, 2)), 1 / Math.sqrt(width))
                .softmax(-1);
        NDArray raw = distances.gaussian(widths(linear(name + "sigma_projection", x)));
        NDArray target = raw.div(raw.sum(new int[] {-1}, true));
        NDArray mixed = actual.matMul(value).transpose(0, 2, 1, 3);
        Shape shape = x.getShape();
        return new Attended(
                mixed.reshape(shape.get(0), shape.get(1), shape.get(2)), new Correlation(actual, target, raw));
    }

    /** [B, L, d] to [B, heads, L, d / heads]. */
    private NDArray heads(NDArray x) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), config.heads(), shape.get(2) / config.heads())
                .transpose(0, 2, 1, 3);
    }

    /** Widths in cells along rows and columns, 3^(sigmoid(5 x) + 1e-5) - 1: [B, L, 2 heads] to [B, heads, L, 2]. */
    private NDArray widths(NDArray x) {
        Shape shape = x.getShape();
        NDArray open = Activation.sigmoid(Scalars.times(x, 5)).add(1e-5f);
        return Scalars.times(open, Math.log(3))
                .exp()
                .sub(1)
                .reshape(shape.get(0), shape.get(1), config.heads(), 2)
                .transpose(0, 2, 1, 3);
    }

    private NDArray embed(String name, NDArray tokens, FodConfig.Level sizes) {
        NDArray weight = weight(name + "project_embedding.project.weight").reshape(sizes.width(), sizes.channels());
        weight.attach(tokens.getManager());
        return Linear.linear(tokens, weight, weight(name + "project_embedding.project.bias"))
                .singletonOrThrow();
    }

    private NDArray linear(String name, NDArray x) {
        return Linear.linear(x, weight(name + ".weight"), weight(name + ".bias"))
                .singletonOrThrow();
    }

    private NDArray norm(String name, NDArray x) {
        return LayerNorm.layerNorm(
                        x,
                        new Shape(x.getShape().get(2)),
                        weight(name + ".weight"),
                        weight(name + ".bias"),
                        FodConfig.NORM_EPSILON)
                .singletonOrThrow();
    }

    private NDArray weight(String name) {
        NDArray weight = weights.get(name);
        if (weight == null) {
            throw new IllegalStateException("no weight " + name);
        }
        return weight;
    }

    /**
     * Fixed positions, [L, d]: the first half of the channels tells the column, the second the row, sines and cosines in
     * turn, of frequencies 10000^(-2i / (d / 2)).
     */
    private static NDArray position(NDManager manager, FodConfig.Level sizes) {
        int half = sizes.width() / 2;
        float[] values = new float[sizes.tokens() * sizes.width()];
        for (int y = 0; y < sizes.side(); y++) {
            for (int x = 0; x < sizes.side(); x++) {
                int at = (y * sizes.side() + x) * sizes.width();
                for (int i = 0; i < half; i += 2) {
                    double frequency = Math.exp(-i * Math.log(10_000) / half);
                    values[at + i] = (float) Math.sin(x * frequency);
                    values[at + i + 1] = (float) Math.cos(x * frequency);
                    values[at + half + i] = (float) Math.sin(y * frequency);
                    values[at + half + i + 1] = (float) Math.cos(y * frequency);
                }
            }
        }
        return manager.create(values, new Shape(sizes.tokens(), sizes.width()));
    }

    /** Squared distances between cells along rows and along columns, [L, L] each. */
    private record Distances(NDArray rows, NDArray columns) {

        static Distances of(NDManager manager, int side) {
            int tokens = side * side;
            float[] rows = new float[tokens * tokens];
            float[] columns = new float[tokens * tokens];
            for (int a = 0; a < tokens; a++) {
                for (int b = 0; b < tokens; b++) {
                    int dy = a / side - b / side;
                    int dx = a % side - b % side;
                    rows[a * tokens + b] = dy * dy;
                    columns[a * tokens + b] = dx * dx;
                }
            }
            Shape shape = new Shape(tokens, tokens);
            return new Distances(manager.create(rows, shape), manager.create(columns, shape));
        }

        /** exp(-dy2 / 2 s0^2 - dx2 / 2 s1^2) / (2 pi s0 s1) for widths [B, heads, L, 2]: [B, heads, L, L]. */
        NDArray gaussian(NDArray widths) {
            NDArray down = widths.get("..., 0:1");
            NDArray across = widths.get("..., 1:2");
            NDArray half = rows.getManager().create(-0.5f);
            NDArray exponent =
                    rows.div(down.square()).add(columns.div(across.square())).mul(half);
            NDArray scale = Scalars.times(down.mul(across), 2 * Math.PI);
            return exponent.exp().div(scale);
        }
    }

    /** Symmetric divergence of Kullback and Leibler of correlations, over heads its mean: [B, L]. */
    static NDArray divergence(NDArray a, NDArray b) {
        NDArray logs = a.add(FodConfig.LOG_EPSILON)
                .log()
                .sub(b.add(FodConfig.LOG_EPSILON).log());
        return a.sub(b).mul(logs).sum(new int[] {-1}).mean(new int[] {1});
    }

    /** Entropy of the rows of a correlation, over heads its mean: [B, L]. */
    static NDArray entropy(NDArray a) {
        return a.mul(a.add(FodConfig.LOG_EPSILON).log())
                .sum(new int[] {-1})
                .mean(new int[] {1})
                .neg();
    }

    /** The mean of some arrays of one shape. */
    static NDArray mean(List<NDArray> arrays) {
        return NDArrays.stack(new ai.djl.ndarray.NDList(arrays)).mean(new int[] {0});
    }
}
