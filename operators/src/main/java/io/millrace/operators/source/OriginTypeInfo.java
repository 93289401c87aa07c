package io.millrace.operators.source;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's type of an {@link Origin}. */
final class OriginTypeInfo extends TypeInformation<Origin> {

    static final OriginTypeInfo INSTANCE = new OriginTypeInfo();

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
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<Origin> getTypeClass() {
        return Origin.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<Origin> createSerializer(SerializerConfig config) {
        return OriginSerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "Origin";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OriginTypeInfo;
    }

    @Override
    public int hashCode() {
        return OriginTypeInfo.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof OriginTypeInfo;
    }
}
