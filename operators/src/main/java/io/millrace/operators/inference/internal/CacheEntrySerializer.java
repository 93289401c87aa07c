package io.millrace.operators.inference.internal;

import java.io.IOException;

import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a {@link CacheEntry}: a format byte, the base, the time, whether it is whole and by what, length and bytes. All
 * numbers are big-endian. Format 1 is the only one so far; a later one gets a number of its own and reads the earlier ones.
 */
public final class CacheEntrySerializer extends FormatSerializer<CacheEntry> {

    public static final CacheEntrySerializer INSTANCE = new CacheEntrySerializer();

    private static final long serialVersionUID = 1;
    private static final int FORMAT = 1;

    @Override
    public CacheEntry createInstance() {
        return new CacheEntry(0, Long.MIN_VALUE, null, new byte[0]);
    }

    @Override
    public void serialize(CacheEntry entry, DataOutputView target) throws IOException {
        target.writeByte(FORMAT);
        target.writeInt(entry.base());
        target.writeLong(entry.lastSeen());
        target.writeBoolean(entry.whole());
        if (entry.whole()) {
            target.writeUTF(entry.origin().model());
            target.writeUTF(entry.origin().version());
            target.writeUTF(entry.origin().sha256());
            target.writeUTF(entry.origin().layout());
        }
        target.writeInt(entry.bytes().length);
        target.write(entry.bytes());
    }

    @Override
    public CacheEntry deserialize(DataInputView source) throws IOException {
        expect(FORMAT, source.readByte(), "state of a model");
        int base = source.readInt();
        long lastSeen = source.readLong();
        CacheEntry.Origin origin = source.readBoolean()
                ? new CacheEntry.Origin(source.readUTF(), source.readUTF(), source.readUTF(), source.readUTF())
                : null;
        byte[] bytes = new byte[source.readInt()];
        source.readFully(bytes);
        return new CacheEntry(base, lastSeen, origin, bytes);
    }

    @Override
    public TypeSerializerSnapshot<CacheEntry> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says which formats there are. */
    public static final class Snapshot extends FormatSerializer.Snapshot<CacheEntry> {
        public Snapshot() {
            super(FORMAT, () -> INSTANCE);
        }
    }
}
