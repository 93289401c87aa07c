package io.millrace.operators.inference.internal;

import java.io.IOException;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a {@link CacheEntry} as version text, time, kind, length and bytes. */
public final class CacheEntrySerializer extends TypeSerializerSingleton<CacheEntry> {

    public static final CacheEntrySerializer INSTANCE = new CacheEntrySerializer();

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public CacheEntry createInstance() {
        return new CacheEntry("", Long.MIN_VALUE, true, new byte[0]);
    }

    @Override
    public CacheEntry copy(CacheEntry from) {
        return from;
    }

    @Override
    public CacheEntry copy(CacheEntry from, CacheEntry reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(CacheEntry entry, DataOutputView target) throws IOException {
        target.writeUTF(entry.version());
        target.writeLong(entry.lastSeen());
        target.writeBoolean(entry.whole());
        target.writeInt(entry.bytes().length);
        target.write(entry.bytes());
    }

    @Override
    public CacheEntry deserialize(DataInputView source) throws IOException {
        String version = source.readUTF();
        long lastSeen = source.readLong();
        boolean whole = source.readBoolean();
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return new CacheEntry(version, lastSeen, whole, bytes);
    }

    @Override
    public CacheEntry deserialize(CacheEntry reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<CacheEntry> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format 1. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<CacheEntry> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
