package io.millrace.bench;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Type of {@link BenchRecord} with its hand-written serializer. */
final class BenchRecordType extends TypeInformation<BenchRecord> {

    static final BenchRecordType INSTANCE = new BenchRecordType();

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 4;
    }

    @Override
    public int getTotalFields() {
        return 4;
    }

    @Override
    public Class<BenchRecord> getTypeClass() {
        return BenchRecord.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<BenchRecord> createSerializer(SerializerConfig config) {
        return BenchRecordSerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "BenchRecord";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BenchRecordType;
    }

    @Override
    public int hashCode() {
        return BenchRecord.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof BenchRecordType;
    }
}
