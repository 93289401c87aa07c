package io.millrace.bench;

import java.io.IOException;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Plain binary form of a {@link BenchRecord}; arrays go as one block of bytes. */
public final class BenchRecordSerializer extends TypeSerializerSingleton<BenchRecord> {

    static final BenchRecordSerializer INSTANCE = new BenchRecordSerializer();

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public BenchRecord createInstance() {
        return new BenchRecord(0, 0, new float[0], new int[0], new byte[0]);
    }

    @Override
    public BenchRecord copy(BenchRecord from) {
        return from;
    }

    @Override
    public BenchRecord copy(BenchRecord from, BenchRecord reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(BenchRecord record, DataOutputView target) throws IOException {
        target.writeInt(record.key());
        target.writeLong(record.createdNanos());
        target.writeInt(record.numeric().length);
        target.writeInt(record.categorical().length);
        target.writeInt(record.payload().length);
        target.write(Packed.bytes(record.numeric(), record.categorical()));
        target.write(record.payload());
    }

    @Override
    public BenchRecord deserialize(DataInputView source) throws IOException {
        int key = source.readInt();
        long created = source.readLong();
        float[] numeric = new float[source.readInt()];
        int[] categorical = new int[source.readInt()];
        byte[] payload = new byte[source.readInt()];
        byte[] bytes = new byte[(numeric.length + categorical.length) * Float.BYTES];
        source.readFully(bytes);
        Packed.read(bytes, numeric, categorical);
        source.readFully(payload);
        return new BenchRecord(key, created, numeric, categorical, payload);
    }

    @Override
    public BenchRecord deserialize(BenchRecord reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<BenchRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format 1. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<BenchRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
