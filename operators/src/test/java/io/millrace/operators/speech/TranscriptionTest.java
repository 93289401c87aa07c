package io.millrace.operators.speech;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.streaming.ModelId;
import io.millrace.operators.GoldenSavepoint;
import io.millrace.operators.OperatorModes;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.operators.features.FeatureSamples;
import io.millrace.schemas.Transcript;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TranscriptionTest {

    private static final int BLANK = 3;

    private static final class Harness extends KeyedOneInputStreamOperatorTestHarness<String, HeardSpeech, Transcript>
            implements OperatorModes.Subtask<HeardSpeech> {

        Harness(int parallelism, int index, OperatorSubtaskState restored) throws Exception {
            this(null, parallelism, index, restored);
        }

        Harness(StateBackend backend, int parallelism, int index, OperatorSubtaskState restored) throws Exception {
            super(
                    new KeyedProcessOperator<>(new Transcription(
                            SampleSpeech.CONTRACT,
                            new DecodingSettings(UtteranceDecoder.Head.CTC, Duration.ofMillis(240)))),
                    heard -> heard.speech.key(),
                    Types.STRING,
                    OperatorModes.MAX_PARALLELISM,
                    parallelism,
                    index);
            if (backend != null) {
                setStateBackend(backend);
            }
            setup();
            if (restored != null) {
                initializeState(restored);
            }
            open();
        }

        @Override
        public void record(HeardSpeech heard, long timestamp) throws Exception {
            processElement(heard, timestamp);
        }

        @Override
        public void watermark(long timestamp) throws Exception {
            processWatermark(timestamp);
        }

        @Override
        public void endOfInput() {}

        @Override
        public OperatorSubtaskState checkpoint(long id) throws Exception {
            return snapshot(id, id);
        }

        @Override
        public List<OperatorModes.Answer> answers() {
            List<OperatorModes.Answer> answers = new ArrayList<>();
            for (Transcript transcript : extractOutputValues()) {
                answers.add(new OperatorModes.Answer(transcript.getStreamId(), transcript.toString()));
            }
            if (getSideOutput(FeatureSamples.OUTPUT) != null) {
                getSideOutput(FeatureSamples.OUTPUT)
                        .forEach(record -> answers.add(new OperatorModes.Answer(
                                record.getValue().getKey() + " samples",
                                record.getValue().getSampleId())));
            }
            return answers;
        }
    }

    private static HeardSpeech heard(String stream, long firstFrame, long[] best) {
        AssembledSpeech piece = new AssembledSpeech();
        piece.streamId = stream;
        piece.stretchStartTime = SampleSpeech.START.toEpochMilli();
        piece.firstFrame = firstFrame;
        piece.heardMillis = (firstFrame + best.length) * 80;
        piece.mel = new float[8];
        piece.frames = 4;
        SpeechFrames frames = new SpeechFrames(firstFrame, best, new float[best.length], List.of());
        return new SpeechMapping(new FeatureDraw(firstFrame == 4 ? 1 : 0)).result(piece, frames, new ModelId("m", "1"));
    }

    private static HeardSpeech end(String stream, long frames) {
        AssembledSpeech piece = new AssembledSpeech();
        piece.streamId = stream;
        piece.stretchStartTime = SampleSpeech.START.toEpochMilli();
        piece.heardMillis = frames * 80;
        piece.endedBy = "END_OF_STREAM";
        return HeardSpeech.end(piece, new ModelId("m", "1"));
    }

    @Test
    void everyModeOfTheJobGivesTheSameTranscriptsAndSamples() throws Exception {
        OperatorModes<HeardSpeech> modes = new OperatorModes<>(Harness::new);
        long[] said = {
            BLANK, 0, 0, 1, BLANK, BLANK, BLANK, BLANK, BLANK, 2, 2, BLANK, 0, BLANK, 0, 1, 1, BLANK, BLANK, BLANK
        };
        List<String> streams = List.of("a", "b", "c", "d");
        for (int from = 0; from < said.length; from += 2) {
            for (String stream : streams) {
                modes.record("0|" + stream, heard(stream, from, new long[] {said[from], said[from + 1]}), from);
            }
        }
        streams.forEach(stream -> modes.record("0|" + stream, end(stream, said.length), said.length));
        Map<String, List<String>> answers = modes.answers();
        assertThat(answers).hasSize(2 * streams.size());
        for (String stream : streams) {
            assertThat(answers.get("0|" + stream + " samples"))
                    .containsExactly("0|" + stream + "/" + SampleSpeech.START.toEpochMilli() + "/4");
            List<String> finals = answers.get(stream).stream()
                    .filter(transcript -> transcript.contains("\"is_final\": true"))
                    .toList();
            // Both utterances fall silent before the stretch ends, which is said by a final without words.
            assertThat(finals).hasSize(3);
            assertThat(finals.get(0)).contains("SILENCE", "\"alpha bravo\"");
            assertThat(finals.get(1)).contains("SILENCE", "\"charlie alpha alpha bravo\"");
            assertThat(finals.get(2)).contains("END_OF_STREAM", "\"alternatives\": []");
        }
    }

    @Test
    void anUtteranceIsGoneOnWithFromASavepoint() throws Exception {
        new GoldenSavepoint<Harness>(
                        "speech-transcribe", (backend, state) -> new Harness(backend, 1, 0, state), harness -> {
                            harness.record(heard("a", 0, new long[] {BLANK, 0, 0, 1}), 0);
                            harness.record(heard("a", 4, new long[] {BLANK, BLANK, BLANK, BLANK}), 4);
                            harness.record(heard("a", 8, new long[] {BLANK, 2}), 8);
                            harness.record(heard("b", 0, new long[] {1}), 0);
                        })
                .check(
                        "going-on",
                        harness -> {
                            harness.record(heard("a", 10, new long[] {2, BLANK, 2}), 10);
                            harness.record(heard("b", 1, new long[] {1}), 1);
                            harness.record(end("a", 13), 13);
                            harness.record(end("b", 2), 2);
                        },
                        Harness::extractOutputValues);
    }

    @Test
    void aStretchThatIsOverLeavesNothing() throws Exception {
        try (Harness harness = new Harness(1, 0, null)) {
            harness.record(heard("a", 0, new long[] {0, BLANK}), 0);
            assertThat(harness.numKeyedStateEntries()).isOne();
            harness.record(end("a", 2), 0);
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }
}
