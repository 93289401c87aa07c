package io.millrace.models.intrusion.network;

import java.util.Map;

import io.millrace.models.checkpoint.HostTensor;

/** Weights rearranged so that a streaming step has less to do; sums are made in double precision. */
final class FoldedWeights {

    private final CausalFlowConfig config;
    private final Map<String, HostTensor> weights;

    FoldedWeights(CausalFlowConfig config, Map<String, HostTensor> weights) {
        this.config = config;
        this.weights = weights;
    }

    /** What each level of each categorical field adds to the encoded flow: [table rows, d]. */
    float[] table() {
        if (config.levels().isEmpty()) {
            return new float[config.width()];
        }
        float[] table = weights.get("encoding.table").floats();
        if (config.encoding() == CausalFlowConfig.Encoding.RECORD_DENSE) {
            return table;
        }
        int e = config.embeddingDim();
        int d = config.width();
        int in = config.numeric() + config.categorical() * e;
        float[] dense = weights.get("encoding.weight").floats();
        float[] folded = new float[config.tableRows() * d];
        int row = 0;
        for (int field = 0; field < config.categorical(); field++) {
            int column = config.numeric() + field * e;
            for (int level = 0; level <= config.levels().get(field); level++, row++) {
                for (int o = 0; o < d; o++) {
                    double sum = 0;
                    for (int i = 0; i < e; i++) {
                        sum += (double) table[row * e + i] * dense[o * in + column + i];
                    }
                    folded[row * d + o] = (float) sum;
                }
            }
        }
        return folded;
    }

    /** Dense weights of the numeric fields alone: [d, N]. */
    float[] numericWeight() {
        int n = config.numeric();
        if (n == 0) {
            return new float[0];
        }
        float[] dense = weights.get("encoding.weight").floats();
        int in = dense.length / config.width();
        float[] part = new float[config.width() * n];
        for (int o = 0; o < config.width(); o++) {
            System.arraycopy(dense, o * in, part, o * n, n);
        }
        return part;
    }

    /** Bias by age of every layer and head, and a last row for slots without a flow: [W + 1, layers * heads]. */
    float[] ageTable(float masked) {
        int h = config.heads();
        int columns = config.layers() * h;
        float[] table = new float[(config.window() + 1) * columns];
        for (int layer = 0; layer < config.layers(); layer++) {
            float[] bias = config.ageBias()
                    ? weights.get("layers." + layer + ".age_bias").floats()
                    : null;
            for (int head = 0; head < h; head++) {
                for (int age = 0; age < config.window() && bias != null; age++) {
                    table[age * columns + layer * h + head] = bias[age * h + head];
                }
                table[config.window() * columns + layer * h + head] = masked;
            }
        }
        return table;
    }

    /** The query rows of a fused projection, weight or bias, divided by the root of the head size. */
    HostTensor scaledQuery(HostTensor projection) {
        float[] values = projection.floats();
        double scale = 1 / Math.sqrt(config.headDim());
        for (int i = 0; i < values.length / 3; i++) {
            values[i] *= (float) scale;
        }
        return HostTensor.of(values, projection.shape());
    }
}
