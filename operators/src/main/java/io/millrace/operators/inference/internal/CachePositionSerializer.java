package io.millrace.operators.inference.internal;

import java.io.IOException;

import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a {@link CachePosition} as two big-endian numbers, so that stores which sort keys keep changes in their order. */
public final class CachePositionSerializer extends FormatSerializer<CachePosition> {

    public static final CachePositionSerializer INSTANCE = new CachePositionSerializer();

    private static final long serialVersionUID = 1;
    private static final int FORMAT = 1;

    @Override
    public CachePosition createInstance() {
        return new CachePosition(0, 0);
    }

    @Override
    public int getLength() {
        return Long.BYTES + Integer.BYTES;
    }

    @Override
    public void serialize(CachePosition position, DataOutputView target) throws IOException {
        target.writeLong(position.generation());
        target.writeInt(position.sequence());
    }

    @Override
    public CachePosition deserialize(DataInputView source) throws IOException {
        return new CachePosition(source.readLong(), source.readInt());
    }

    @Override
    public TypeSerializerSnapshot<CachePosition> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says which formats there are. */
    public static final class Snapshot extends FormatSerializer.Snapshot<CachePosition> {
        public Snapshot() {
            super(FORMAT, () -> INSTANCE);
        }
    }
}
