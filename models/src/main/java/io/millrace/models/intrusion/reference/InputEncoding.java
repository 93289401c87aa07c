package io.millrace.models.intrusion.reference;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;

/** The paper's input encodings: from numeric fields [B, W, N] and ids [B, W, C] to vectors [B, W, d]. */
final class InputEncoding {

    private final ReferenceConfig config;
    private final ReferenceLayers layers;
    private final Map<String, NDArray> trace;

    InputEncoding(ReferenceConfig config, ReferenceLayers layers, Map<String, NDArray> trace) {
        this.config = config;
        this.layers = layers;
        this.trace = trace;
    }

    NDArray encode(NDArray numeric, NDArray ids) {
        NDList fields = new NDList();
        for (int i = 0; i < config.levels().size(); i++) {
            fields.add(field(i, ids.get("..., {}", i)));
        }
        if (config.encoding() == ReferenceConfig.Encoding.NONE
                || config.encoding().perRecord()) {
            NDArray record = join(numeric, fields);
            if (!config.encoding().perRecord()) {
                trace.put("concatenate", record);
                return record;
            }
            trace.put("feature_concat", record);
            NDArray embedded = layers.dense("embed", record);
            trace.put("embed", embedded);
            return embedded;
        }
        trace.put("concat_numeric", numeric);
        if (!fields.isEmpty()) {
            trace.put("concat_categorical", fields.size() == 1 ? fields.get(0) : NDArrays.concat(fields, 2));
        }
        NDArray all = join(numeric, fields);
        trace.put("concatenate", all);
        return all;
    }

    private NDArray join(NDArray numeric, NDList fields) {
        NDList all = new NDList();
        if (config.numeric() > 0) {
            all.add(numeric);
        }
        all.addAll(fields);
        return all.size() == 1 ? all.get(0) : NDArrays.concat(all, 2);
    }

    private NDArray field(int index, NDArray ids) {
        int known = config.levels().get(index);
        String name = config.categoricalNames().get(index);
        if (config.encoding() == ReferenceConfig.Encoding.FIELD_LOOKUP) {
            String layer = ReferenceConfig.numbered("embedding", index);
            NDArray embedded = Embedding.embedding(ids, layers.weight(layer + "/embeddings"), SparseFormat.DENSE)
                    .singletonOrThrow();
            trace.put(layer, embedded);
            trace.put("expand_" + name, embedded);
            return embedded;
        }
        NDArray oneHot = ids.oneHot(known + 1, DataType.FLOAT32).get("..., 1:");
        if (!config.encoding().perField()) {
            return oneHot;
        }
        NDArray embedded = layers.dense("embed_" + name, oneHot);
        trace.put("embed_" + name, embedded);
        return embedded;
    }
}
