package io.millrace.operators.source;

import java.io.IOException;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Writes topic, partition, offset and timestamp, a job's many origins in few bytes each. A topic that is read is the
 * string of the one before it where they are equal: a million records that wait in memory share one name.
 */
public final class OriginSerializer extends TypeSerializerSingleton<Origin> {

    static final OriginSerializer INSTANCE = new OriginSerializer();

    private static volatile String latest = "";

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public Origin createInstance() {
        return new Origin("", 0, 0, -1);
    }

    @Override
    public Origin copy(Origin from) {
        return from;
    }

    @Override
    public Origin copy(Origin from, Origin reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Origin origin, DataOutputView target) throws IOException {
        StringValue.writeString(origin.topic(), target);
        target.writeInt(origin.partition());
        target.writeLong(origin.offset());
        target.writeLong(origin.timestamp());
    }

    @Override
    public Origin deserialize(DataInputView source) throws IOException {
        String topic = StringValue.readString(source);
        String before = latest;
        if (topic.equals(before)) {
            topic = before;
        } else {
            latest = topic;
        }
        return new Origin(topic, source.readInt(), source.readLong(), source.readLong());
    }

    @Override
    public Origin deserialize(Origin reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<Origin> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format 1. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Origin> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
