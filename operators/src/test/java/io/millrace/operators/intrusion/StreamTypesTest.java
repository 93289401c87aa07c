package io.millrace.operators.intrusion;

import java.util.List;

import io.millrace.operators.source.Origin;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.FlowRecord;
import net.jqwik.api.Example;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import static org.assertj.core.api.Assertions.assertThat;

/** What the stage sends between its operators and keeps in state, through the serializers that Flink picks for it. */
class StreamTypesTest {

    private static <T> T copied(T value, Class<T> type) throws Exception {
        SerializerConfigImpl config = new SerializerConfigImpl();
        config.setGenericTypes(false);
        TypeSerializer<T> serializer = TypeInformation.of(type).createSerializer(config);
        DataOutputSerializer out = new DataOutputSerializer(1_024);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).as("bytes left over").isZero();
        return read;
    }

    @Example
    void anAssembledFlowArrivesWhole() throws Exception {
        FlowRecord flow = SampleFlows.flow("192.168.1.9", 10, "c");
        double[] history = {1.5, Double.NaN, -0.25};
        AssembledFlow read = copied(
                new AssembledFlow(
                        flow, new Origin("flows", 2, 1L << 40, -1), history, 7, new String[] {"b", "a"}, new String[] {
                            "line b", "line a"
                        }),
                AssembledFlow.class);
        assertThat(read.origin).isEqualTo(new Origin("flows", 2, 1L << 40, -1));
        assertThat(read.flow).isEqualTo(flow);
        assertThat(read.history).containsExactly(history);
        assertThat(read.sequence).isEqualTo(7);
        assertThat(read.earlierIds).containsExactly("b", "a");
        assertThat(read.earlierSummaries).containsExactly("line b", "line a");
    }

    @Example
    void aJudgedFlowArrivesWithOrWithoutASample() throws Exception {
        Detection detection = SampleDetections.scan("192.168.1.9", 1, "a");
        FeatureSample sample = FeatureSample.newBuilder()
                .setSampleId("flow-a")
                .setStage("intrusion")
                .setKey("192.168.1.9")
                .setEventTime(detection.getEventTime())
                .setModel("toy")
                .setModelVersion("1")
                .setScore(2)
                .setProbability(0.875)
                .setFeatures(List.of(0.5f, 1f))
                .build();
        Judged with = copied(new Judged(detection, sample), Judged.class);
        assertThat(with.detection).isEqualTo(detection);
        assertThat(with.sample).isEqualTo(sample);
        Judged without = copied(new Judged(detection, null), Judged.class);
        assertThat(without.detection).isEqualTo(detection);
        assertThat(without.sample).isNull();
    }
}
