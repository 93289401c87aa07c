package io.millrace.connectors.kafka.internal;

import java.io.IOException;
import java.util.Objects;

import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.RecordOrigin;
import io.millrace.schemas.DeadLetter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeutils.CompositeTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a flag, the origin, and the value or the dead letter. */
public final class DecodedSerializer<T extends SpecificRecord> extends TypeSerializer<Decoded<T>> {
    private final TypeSerializer<T> values;
    private final TypeSerializer<DeadLetter> letters;

    public DecodedSerializer(TypeSerializer<T> values, TypeSerializer<DeadLetter> letters) {
        this.values = values;
        this.letters = letters;
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public TypeSerializer<Decoded<T>> duplicate() {
        return new DecodedSerializer<>(values.duplicate(), letters.duplicate());
    }

    @Override
    public Decoded<T> createInstance() {
        return Decoded.value(values.createInstance(), new RecordOrigin("", 0, 0, -1));
    }

    @Override
    public Decoded<T> copy(Decoded<T> from) {
        return from.isValue()
                ? Decoded.value(values.copy(from.value()), from.origin())
                : Decoded.deadLetter(letters.copy(from.deadLetter()), from.origin());
    }

    @Override
    public Decoded<T> copy(Decoded<T> from, Decoded<T> reuse) {
        return copy(from);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Decoded<T> decoded, DataOutputView target) throws IOException {
        RecordOrigin origin = decoded.origin();
        target.writeBoolean(decoded.isValue());
        target.writeUTF(origin.topic());
        target.writeInt(origin.partition());
        target.writeLong(origin.offset());
        target.writeLong(origin.timestamp());
        if (decoded.isValue()) {
            values.serialize(decoded.value(), target);
        } else {
            letters.serialize(decoded.deadLetter(), target);
        }
    }

    @Override
    public Decoded<T> deserialize(DataInputView source) throws IOException {
        boolean value = source.readBoolean();
        RecordOrigin origin =
                new RecordOrigin(source.readUTF(), source.readInt(), source.readLong(), source.readLong());
        return value
                ? Decoded.value(values.deserialize(source), origin)
                : Decoded.deadLetter(letters.deserialize(source), origin);
    }

    @Override
    public Decoded<T> deserialize(Decoded<T> reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecodedSerializer<?> serializer
                && values.equals(serializer.values)
                && letters.equals(serializer.letters);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values, letters);
    }

    @Override
    public TypeSerializerSnapshot<Decoded<T>> snapshotConfiguration() {
        return new Snapshot<>(this);
    }

    /** Snapshot made of those of the two parts. */
    public static final class Snapshot<T extends SpecificRecord>
            extends CompositeTypeSerializerSnapshot<Decoded<T>, DecodedSerializer<T>> {

        /** For Flink, which reads the rest. */
        public Snapshot() {}

        Snapshot(DecodedSerializer<T> serializer) {
            super(serializer);
        }

        @Override
        protected int getCurrentOuterSnapshotVersion() {
            return 1;
        }

        @Override
        protected TypeSerializer<?>[] getNestedSerializers(DecodedSerializer<T> outer) {
            return new TypeSerializer<?>[] {outer.values, outer.letters};
        }

        @Override
        @SuppressWarnings("unchecked") // in the order of getNestedSerializers
        protected DecodedSerializer<T> createOuterSerializerWithNestedSerializers(TypeSerializer<?>[] nested) {
            return new DecodedSerializer<>((TypeSerializer<T>) nested[0], (TypeSerializer<DeadLetter>) nested[1]);
        }
    }
}
