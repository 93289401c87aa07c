package io.millrace.models.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

import ai.djl.ndarray.types.DataType;

/** The element types of torch's storages, and the type that each has in host memory. */
enum StorageType {
    FLOAT("FloatStorage", Float.BYTES, DataType.FLOAT32),
    HALF("HalfStorage", Short.BYTES, DataType.FLOAT32),
    BFLOAT16("BFloat16Storage", Short.BYTES, DataType.FLOAT32),
    DOUBLE("DoubleStorage", Double.BYTES, DataType.FLOAT32),
    LONG("LongStorage", Long.BYTES, DataType.INT64),
    INT("IntStorage", Integer.BYTES, DataType.INT32),
    CHAR("CharStorage", Byte.BYTES, DataType.INT8),
    BYTE("ByteStorage", Byte.BYTES, DataType.UINT8),
    BOOL("BoolStorage", Byte.BYTES, DataType.BOOLEAN);

    private final String className;
    private final int bytes;
    private final DataType hostType;

    StorageType(String className, int bytes, DataType hostType) {
        this.className = className;
        this.bytes = bytes;
        this.hostType = hostType;
    }

    /** The type of a class in Python's module {@code torch}, if it is a storage that we know. */
    static Optional<StorageType> ofClass(String name) {
        for (StorageType type : values()) {
            if (type.className.equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Size of an element in the file. */
    int bytes() {
        return bytes;
    }

    DataType hostType() {
        return hostType;
    }

    /** A storage's little-endian elements in the host's type: the same buffer where no conversion is needed. */
    ByteBuffer toHost(ByteBuffer raw) {
        ByteBuffer source = raw.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (hostType != DataType.FLOAT32 || this == FLOAT) {
            return source;
        }
        int elements = source.remaining() / bytes;
        ByteBuffer floats =
                ByteBuffer.allocate(Math.multiplyExact(elements, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            floats.putFloat(
                    switch (this) {
                        case HALF -> half(source.getShort());
                        case BFLOAT16 -> Float.intBitsToFloat(source.getShort() << 16);
                        default -> (float) source.getDouble();
                    });
        }
        return floats.flip();
    }

    /** IEEE 754 binary16: sign, five bits of exponent with bias 15, ten bits of fraction. */
    static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }
}
