package io.millrace.operators.speech;

import java.util.List;
import java.util.Map;

import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.streaming.ModelId;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.schemas.FeatureSample;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpeechSamplingTest {

    private static final ModelId MODEL = new ModelId("m", "7");

    private static AssembledSpeech chunk(String stream, long firstFrame) {
        AssembledSpeech chunk = new AssembledSpeech();
        chunk.streamId = stream;
        chunk.channel = 1;
        chunk.stretchStartTime = SampleSpeech.START.toEpochMilli();
        chunk.firstFrame = firstFrame;
        chunk.heardMillis = (firstFrame + 2) * 80;
        chunk.lookAhead = 3;
        chunk.mel = new float[] {1, 10, 2, 20, 3, 30, 6, 60};
        chunk.frames = 4;
        return chunk;
    }

    private static SpeechFrames frames(float... logProbabilities) {
        return new SpeechFrames(
                0,
                new long[logProbabilities.length],
                logProbabilities,
                List.of(),
                null,
                new float[] {0.5f, -1},
                new byte[0]);
    }

    @Test
    void aSampleTellsWhatTheModelHeardAndHowSurely() {
        SpeechMapping mapping = new SpeechMapping(new FeatureDraw(1));
        assertThat(mapping.input(chunk("call", 4)).embedded()).isTrue();
        HeardSpeech heard = mapping.result(chunk("call", 4), frames(-0.25f, -1.75f), MODEL);
        assertThat(heard.sample)
                .isEqualTo(FeatureSample.newBuilder()
                        .setSampleId("1|call/" + SampleSpeech.START.toEpochMilli() + "/4")
                        .setStage("speech")
                        .setKey("1|call")
                        .setEventTime(SampleSpeech.START.plusMillis(480))
                        .setModel("m")
                        .setModelVersion("7")
                        .setScore(-1)
                        .setFeatures(List.of(3f, 30f))
                        .setEmbedding(List.of(0.5f, -1f))
                        .setCalibration(Map.of("look_ahead", 3.0, "frames", 2.0, "least_log_probability", -1.75))
                        .setSampleRate(1)
                        .build());
    }

    @Test
    void theModelIsAskedForAnEmbeddingOfWhatIsDrawnAlone() {
        FeatureDraw draw = new FeatureDraw(0.2);
        SpeechMapping mapping = new SpeechMapping(draw);
        int drawn = 0;
        for (int i = 0; i < 500; i++) {
            boolean asked = mapping.input(chunk("call", i)).embedded();
            assertThat(mapping.result(chunk("call", i), frames(-1), MODEL).sample != null)
                    .isEqualTo(asked);
            drawn += asked ? 1 : 0;
        }
        assertThat(drawn).isBetween(60, 140);
    }

    @Test
    void aChunkThatGaveNoFrameAndTheEndOfAStretchGiveNoSample() {
        SpeechMapping mapping = new SpeechMapping(new FeatureDraw(1));
        assertThat(mapping.result(chunk("call", 4), frames(), MODEL).sample).isNull();
        assertThat(mapping.ended(chunk("call", 4), MODEL).sample).isNull();
    }

    @Test
    void whatWasHeardArrivesWithOrWithoutASample() throws Exception {
        for (double rate : new double[] {0, 1}) {
            HeardSpeech heard = new SpeechMapping(new FeatureDraw(rate)).result(chunk("call", 4), frames(-1), MODEL);
            SerializerConfigImpl config = new SerializerConfigImpl();
            config.setGenericTypes(false);
            TypeSerializer<HeardSpeech> serializer =
                    TypeInformation.of(HeardSpeech.class).createSerializer(config);
            DataOutputSerializer out = new DataOutputSerializer(1_024);
            serializer.serialize(heard, out);
            HeardSpeech read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
            assertThat(read.sample).isEqualTo(heard.sample);
            assertThat(read.sample == null).isEqualTo(rate == 0);
            assertThat(read.bestLogProbabilities).containsExactly(-1);
        }
    }
}
