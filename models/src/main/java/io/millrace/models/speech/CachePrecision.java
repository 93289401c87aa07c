package io.millrace.models.speech;

import ai.djl.ndarray.types.DataType;

/** How keys and values of the past are kept; the network reckons with 32 bits in any case. */
public enum CachePrecision {
    FLOAT32(DataType.FLOAT32),
    FLOAT16(DataType.FLOAT16);

    private final DataType type;

    CachePrecision(DataType type) {
        this.type = type;
    }

    DataType type() {
        return type;
    }
}
