package io.millrace.operators.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import static org.assertj.core.api.Assertions.assertThat;

class AlertStateTest {

    private static AlertState copied(AlertState state) throws Exception {
        SerializerConfigImpl config = new SerializerConfigImpl();
        config.setGenericTypes(false);
        TypeSerializer<AlertState> serializer =
                TypeInformation.of(AlertState.class).createSerializer(config);
        DataOutputSerializer out = new DataOutputSerializer(1_024);
        serializer.serialize(state, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        AlertState read = serializer.deserialize(in);
        assertThat(in.available()).as("bytes left over").isZero();
        return read;
    }

    @Property(tries = 30)
    void whatIsKnownOfAnAlertIsKeptWhole(@ForAll @IntRange(min = 1, max = 300) int count, @ForAll boolean opened)
            throws Exception {
        AlertMachine machine = new AlertMachine(
                new AlertPolicy(opened ? 1 : 301, Duration.ofDays(1), Duration.ofDays(1)), Sighting.Source.STRONGEST);
        AlertState state = new AlertState();
        state.timer = 99;
        for (int i = 0; i < count; i++) {
            machine.observe(
                    state,
                    Sighting.of("gate", "loitering", i)
                            .observation()
                            .setSubjects(List.of(AlertSubjects.of(SubjectRole.TARGET, SubjectType.PERSON, "p" + i)))
                            .setLabel(i % 3 == 0 ? "theft" : null)
                            .build(),
                    i * 1_000,
                    Instant.EPOCH,
                    alert -> {});
        }
        AlertState read = copied(state);
        assertThat(read.alert).isEqualTo(state.alert);
        assertThat(read.alert == null).isEqualTo(!opened);
        assertThat(read.pending).isEqualTo(state.pending).hasSize(opened ? 0 : count);
        assertThat(read.activeUntil).isEqualTo((count - 1) * 1_000);
        assertThat(read.timer).isEqualTo(99);
        assertThat(read.labels).isEqualTo(state.labels);
        assertThat(read.seen).containsOnlyKeys(state.seen.keySet()).hasSize(opened && count > 32 ? 1 : 0);
        state.seen.forEach((group, bits) -> assertThat(read.seen.get(group)).containsExactly(bits));
    }
}
