package io.millrace.connectors.kafka;

import java.util.Objects;

import io.millrace.connectors.kafka.internal.DecodedSerializer;
import io.millrace.schemas.DeadLetter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * Tells Flink how to carry {@link Decoded}: value and dead letter in Avro, never by Kryo.
 *
 * @param <T> type of the values
 */
public final class DecodedTypeInfo<T extends SpecificRecord> extends TypeInformation<Decoded<T>> {
    private final Class<T> valueType;

    public DecodedTypeInfo(Class<T> valueType) {
        this.valueType = Objects.requireNonNull(valueType, "valueType");
    }

    /** Flink's type of a generated Avro record. */
    public static <T extends SpecificRecord> TypeInformation<T> avro(Class<T> type) {
        return cast(new AvroTypeInfo<>(type.asSubclass(SpecificRecordBase.class)));
    }

    @SuppressWarnings("unchecked") // the class that goes in is the class that comes out
    private static <T> TypeInformation<T> cast(TypeInformation<?> info) {
        return (TypeInformation<T>) info;
    }

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
    @SuppressWarnings("unchecked") // a class literal carries no type argument
    public Class<Decoded<T>> getTypeClass() {
        return (Class<Decoded<T>>) (Class<?>) Decoded.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<Decoded<T>> createSerializer(SerializerConfig config) {
        return new DecodedSerializer<>(
                avro(valueType).createSerializer(config), avro(DeadLetter.class).createSerializer(config));
    }

    @Override
    public String toString() {
        return "Decoded<" + valueType.getSimpleName() + ">";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecodedTypeInfo<?> info && valueType == info.valueType;
    }

    @Override
    public int hashCode() {
        return valueType.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof DecodedTypeInfo;
    }
}
