package io.millrace.connectors.kafka.internal;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** Confluent's framing of a value: a zero byte, the schema id in four bytes big-endian, then Avro binary. */
public final class WireFormat {
    /** Bytes before the Avro part. */
    public static final int HEADER_BYTES = 5;

    private static final byte MAGIC = 0;

    private WireFormat() {}

    /** The schema id, or empty if the value is not framed so. */
    public static OptionalInt schemaId(byte[] value) {
        return value != null && value.length >= HEADER_BYTES && value[0] == MAGIC
                ? OptionalInt.of(ByteBuffer.wrap(value, 1, 4).getInt())
                : OptionalInt.empty();
    }

    /** The five bytes before the Avro part. */
    public static byte[] header(int schemaId) {
        return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(schemaId).array();
    }
}
