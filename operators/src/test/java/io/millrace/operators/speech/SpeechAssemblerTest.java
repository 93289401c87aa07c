package io.millrace.operators.speech;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.operators.OperatorModes;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.DeadLetter;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpeechAssemblerTest {

    private static final long NOW = 1_000_000;
    private static final List<AudioChunk> CHUNKS =
            SampleSpeech.chunks("call", SampleSpeech.sound(7, 16_000 + 333), 800);

    private static AudioChunk of(String stream, int channel, AudioChunk like) {
        return AudioChunk.newBuilder(like)
                .setStreamId(stream)
                .setChannelCount(2)
                .setChannel(channel)
                .build();
    }

    @Test
    void everyModeOfTheJobGivesTheSame() throws Exception {
        OperatorModes<AudioChunk> modes = new OperatorModes<>((parallelism, index, state) ->
                SpeechAssemblerHarness.open(SampleSpeech.SETTINGS, parallelism, index, NOW, state));
        List<AudioChunk> order = new ArrayList<>(CHUNKS);
        order.set(4, CHUNKS.get(5));
        order.set(5, CHUNKS.get(4));
        order.add(9, CHUNKS.get(2));
        order.remove(14);
        order.set(12, AudioChunk.newBuilder(order.get(12)).setSampleRate(3).build());
        for (AudioChunk chunk : order) {
            for (String stream : List.of("a", "b", "c")) {
                int channel = stream.equals("b") ? 1 : 0;
                AudioChunk own = of(stream, channel, chunk);
                // One of the streams does not say that it is over: the end of input does.
                own.setEndOfStream(own.getEndOfStream() && !stream.equals("c"));
                long time = own.getEventTime().toEpochMilli();
                modes.record(SpeechAssembler.KEY.getKey(SampleSpeech.traced(own)), own, time);
                modes.watermark(time);
            }
        }
        Map<String, List<String>> answers = modes.answers();
        assertThat(answers).containsOnlyKeys("0|a", "1|b", "0|c", "unfit");
        assertThat(answers.get("unfit")).hasSize(3).allMatch(letter -> letter.contains("no sample rate of audio: 3"));
        assertThat(answers.get("0|a")).isEqualTo(answers.get("1|b")).isEqualTo(answers.get("0|c"));
    }

    @Test
    void aGapIsFilledWhenTheWaitIsOver() throws Exception {
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.started()) {
            harness.send(CHUNKS.subList(0, 3)).send(CHUNKS.subList(4, 6));
            int before = harness.described().size();
            harness.setProcessingTime(NOW + 199);
            assertThat(harness.described()).hasSize(before);
            harness.setProcessingTime(NOW + 200);
            assertThat(harness.described()).hasSizeGreaterThan(before);
        }
    }

    @Test
    void anIdleStreamIsEndedAndLeavesNothingBehind() throws Exception {
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.started()) {
            harness.send(CHUNKS.subList(0, 3));
            harness.setProcessingTime(NOW + 20_000);
            harness.send(CHUNKS.subList(3, 5));
            harness.setProcessingTime(NOW + 49_999);
            assertThat(harness.ends())
                    .as("30 s after the first chunk, not the last")
                    .isEmpty();
            harness.setProcessingTime(NOW + 50_000);
            assertThat(harness.ends()).containsExactly("IDLE");
            harness.setProcessingTime(NOW + 80_000);
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
            assertThat(harness.numProcessingTimeTimers()).isZero();
        }
    }

    @Test
    void theTimeOfAnOutageIsNotTakenForSilence() throws Exception {
        OperatorSubtaskState state;
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.started()) {
            harness.send(CHUNKS.subList(0, 3)).send(CHUNKS.subList(4, 5));
            state = harness.checkpoint(1);
        }
        long later = NOW + 3_600_000;
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.open(SampleSpeech.SETTINGS, 1, 0, later, state)) {
            harness.setProcessingTime(later + 100);
            assertThat(harness.described())
                    .as("what was missing may still come")
                    .isEmpty();
            harness.send(CHUNKS.subList(3, CHUNKS.size()));
            assertThat(harness.ends()).containsExactly("END_OF_STREAM");
            assertThat(harness.extractOutputValues()).allMatch(piece -> piece.filledMillis == 0);
        }
    }

    @Test
    void aChunkThatCannotBeHeardIsInTheDeadLettersAsItWas() throws Exception {
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.started()) {
            AudioChunk unknown = AudioChunk.newBuilder(CHUNKS.get(0))
                    .setEncoding(AudioEncoding.UNKNOWN)
                    .build();
            harness.send(List.of(unknown));
            DeadLetter letter = harness.unfit().get(0);
            assertThat(letter.getStage()).isEqualTo("speech");
            assertThat(letter.getStep()).isEqualTo("assemble");
            assertThat(letter.getTopic()).isEqualTo("audio");
            assertThat(letter.getOffset()).isEqualTo(100);
            assertThat(StandardCharsets.UTF_8.decode(letter.getKey()).toString())
                    .isEqualTo("call");
            assertThat(StandardCharsets.UTF_8.decode(letter.getValue()).toString())
                    .contains("\"stream_id\":\"call\"", "\"encoding\":\"UNKNOWN\"");
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void theStateOfAStreamDoesNotGrow() throws Exception {
        float[] second = SampleSpeech.sound(9, 16_000);
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.started()) {
            long early = 0;
            int minutes = 20;
            for (long i = 0; i < 60L * minutes; i++) {
                harness.send(List.of(
                        SampleSpeech.chunk("long", i, i * 16_000, second).build()));
                if (i == 59) {
                    early = harness.checkpoint(1).getStateSize();
                }
                // Outputs are not what is measured.
                harness.getOutput().clear();
            }
            long late = harness.checkpoint(2).getStateSize();
            assertThat(late)
                    .as("after %d minutes, %d bytes after one", minutes, early)
                    .isLessThanOrEqualTo(early + 8000);
        }
    }

    @Test
    void aStreamThatIsBehindLooksFartherAheadUntilItHasCaughtUp() throws Exception {
        AssemblerSettings adaptive = new AssemblerSettings(
                0,
                true,
                SampleSpeech.SETTINGS.reorderWait(),
                4,
                SampleSpeech.SETTINGS.gapLimit(),
                SampleSpeech.SETTINGS.idleAfter());
        long start = SampleSpeech.START.toEpochMilli();
        List<AudioChunk> chunks = SampleSpeech.chunks("call", SampleSpeech.sound(7, 16_000 * 20), 1600);
        OperatorSubtaskState state;
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.open(adaptive, 1, 0, start, null)) {
            long lag = 100;
            for (AudioChunk chunk : chunks.subList(0, 40)) {
                // From the second second on, 300 ms later than before.
                lag = chunk.getSequence() < 10 ? 100 : 400;
                harness.setProcessingTime(chunk.getEventTime().toEpochMilli() + lag);
                harness.send(List.of(chunk));
            }
            List<AssembledSpeech> pieces = harness.extractOutputValues();
            assertThat(pieces.get(0).lookAhead).isZero();
            assertThat(pieces.get(pieces.size() - 1).lookAhead).isEqualTo(3);
            state = harness.checkpoint(1);
        }
        long now = chunks.get(40).getEventTime().toEpochMilli() + 100;
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.open(adaptive, 1, 0, now, state)) {
            for (AudioChunk chunk : chunks.subList(40, chunks.size())) {
                harness.setProcessingTime(chunk.getEventTime().toEpochMilli() + 100);
                harness.send(List.of(chunk));
            }
            List<AssembledSpeech> pieces = harness.extractOutputValues();
            assertThat(pieces.get(0).lookAhead).as("goes on as it was decided").isEqualTo(3);
            assertThat(pieces.get(pieces.size() - 1).lookAhead).isZero();
        }
    }

    @Test
    void aLookAheadThatTheModelDoesNotServeIsRefused() {
        assertThatThrownBy(() -> new SpeechAssembler(SampleSpeech.settings(2), SampleSpeech.CONTRACT, null))
                .hasMessage("look-ahead 2 is none that the model serves: [0, 1, 3]");
    }

    @Test
    void whatIsHeardAtTheEndOfInputBearsTheLastRealTime() throws Exception {
        long last = CHUNKS.get(5).getEventTime().toEpochMilli();
        OperatorSubtaskState state;
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.started()) {
            harness.send(CHUNKS.subList(0, 6));
            state = harness.checkpoint(1);
            harness.getOutput().clear();
            harness.endOfInput();
            assertThat(harness.ends()).containsExactly("END_OF_STREAM");
            assertThat(harness.times()).isNotEmpty().containsOnly(last);
        }
        try (SpeechAssemblerHarness harness = SpeechAssemblerHarness.open(SampleSpeech.SETTINGS, 1, 0, NOW, state)) {
            harness.endOfInput();
            assertThat(harness.times())
                    .as("after a restore as well")
                    .isNotEmpty()
                    .containsOnly(last);
        }
    }
}
