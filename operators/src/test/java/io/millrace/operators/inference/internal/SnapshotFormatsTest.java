package io.millrace.operators.inference.internal;

import java.util.List;

import io.millrace.operators.inference.CacheTransition;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SnapshotFormatsTest {

    private static final ModelReference MODEL = new ModelReference("m", "1", "/models/m", "abc");

    private static <T> T copy(TypeSerializer<T> serializer, T value) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }

    @Test
    void whatServesComesBackAsItWas() throws Exception {
        ServingSnapshot snapshot = new ServingSnapshot(
                MODEL,
                List.of(
                        new ServingSnapshot.Generation(
                                3,
                                MODEL,
                                "f",
                                ServingSnapshot.Cause.ORDER,
                                "r",
                                ServingSnapshot.CURRENT,
                                List.of(2L, 3L),
                                MODEL),
                        new ServingSnapshot.Generation(
                                1, MODEL, "f", ServingSnapshot.Cause.CONFIGURATION, "", 77, List.of(1L), null)),
                new RolloutCommand("next", MODEL, CacheTransition.DRAIN),
                2,
                List.of("r", "next"),
                5);
        assertThat(copy(ServingSnapshotSerializer.INSTANCE, snapshot)).isEqualTo(snapshot);
    }

    @Test
    void entriesComeBackAsTheyWere() throws Exception {
        CacheEntry whole = new CacheEntry(4, -1, new CacheEntry.Origin("m", "1", "abc", "f"), new byte[] {1, 2});
        CacheEntry read = copy(CacheEntrySerializer.INSTANCE, whole);
        assertThat(read.origin()).isEqualTo(whole.origin());
        assertThat(read.bytes()).containsExactly(1, 2);
        assertThat(copy(CacheEntrySerializer.INSTANCE, new CacheEntry(4, 9, null, new byte[3]))
                        .whole())
                .isFalse();
        CachePosition position = new CachePosition(1L << 40, 7);
        assertThat(copy(CachePositionSerializer.INSTANCE, position)).isEqualTo(position);
    }

    @Test
    void aFormatOfALaterVersionIsRefusedByName() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        CacheEntrySerializer.INSTANCE.serialize(new CacheEntry(1, 1, null, new byte[0]), out);
        byte[] later = out.getCopyOfBuffer();
        later[0] = 2;
        assertThatThrownBy(() -> CacheEntrySerializer.INSTANCE.deserialize(new DataInputDeserializer(later)))
                .hasMessageContaining("format 2", "later version of Millrace");
        TypeSerializerSnapshot<CacheEntry> now = CacheEntrySerializer.INSTANCE.snapshotConfiguration();
        TypeSerializerSnapshot<CacheEntry> written = new CacheEntrySerializer.Snapshot();
        written.readSnapshot(
                1, new DataInputDeserializer(new byte[0]), getClass().getClassLoader());
        assertThat(now.resolveSchemaCompatibility(written).isCompatibleAsIs()).isTrue();
        written.readSnapshot(
                2, new DataInputDeserializer(new byte[0]), getClass().getClassLoader());
        assertThat(now.resolveSchemaCompatibility(written).isIncompatible()).isTrue();
    }
}
