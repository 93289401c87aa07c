package io.millrace.operators.speech;

import java.util.ArrayList;
import java.util.List;

import io.millrace.operators.OperatorModes;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetter;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** An assembler as the job runs it. */
final class SpeechAssemblerHarness
        extends KeyedOneInputStreamOperatorTestHarness<String, Traced<AudioChunk>, AssembledSpeech>
        implements OperatorModes.Subtask<AudioChunk> {

    private static final OutputTag<DeadLetter> UNFIT = new OutputTag<>("unfit", TypeInformation.of(DeadLetter.class));

    private SpeechAssemblerHarness(AssemblerSettings settings, int parallelism, int index) throws Exception {
        super(
                new EventTimeOperator<>(new SpeechAssembler(settings, SampleSpeech.CONTRACT, UNFIT)),
                SpeechAssembler.KEY,
                Types.STRING,
                OperatorModes.MAX_PARALLELISM,
                parallelism,
                index);
    }

    static SpeechAssemblerHarness started() throws Exception {
        return open(SampleSpeech.SETTINGS, 1, 0, 1_000_000, null);
    }

    static SpeechAssemblerHarness open(
            AssemblerSettings settings, int parallelism, int index, long now, OperatorSubtaskState restored)
            throws Exception {
        SpeechAssemblerHarness harness = new SpeechAssemblerHarness(settings, parallelism, index);
        harness.setProcessingTime(now);
        harness.setup();
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
        return harness;
    }

    /** On a backend of the test's choice. */
    static SpeechAssemblerHarness on(StateBackend backend, OperatorSubtaskState restored) throws Exception {
        SpeechAssemblerHarness harness = new SpeechAssemblerHarness(SampleSpeech.SETTINGS, 1, 0);
        harness.setProcessingTime(1_000_000);
        harness.setStateBackend(backend);
        harness.setup();
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
        return harness;
    }

    SpeechAssemblerHarness send(List<AudioChunk> chunks) throws Exception {
        for (AudioChunk chunk : chunks) {
            record(chunk, chunk.getEventTime().toEpochMilli());
        }
        return this;
    }

    List<String> described() {
        return extractOutputValues().stream().map(Assembly::described).toList();
    }

    List<String> ends() {
        return extractOutputValues().stream()
                .filter(AssembledSpeech::isEnd)
                .map(piece -> piece.endedBy)
                .toList();
    }

    List<Long> times() {
        return extractOutputStreamRecords().stream()
                .map(StreamRecord::getTimestamp)
                .toList();
    }

    List<DeadLetter> unfit() {
        List<DeadLetter> letters = new ArrayList<>();
        if (getSideOutput(UNFIT) != null) {
            getSideOutput(UNFIT).forEach(record -> letters.add(record.getValue()));
        }
        return letters;
    }

    @Override
    public void record(AudioChunk chunk, long timestamp) throws Exception {
        processElement(SampleSpeech.traced(chunk), timestamp);
    }

    @Override
    public void watermark(long timestamp) throws Exception {
        processWatermark(timestamp);
    }

    @Override
    public void endOfInput() throws Exception {
        endInput();
    }

    @Override
    public OperatorSubtaskState checkpoint(long id) throws Exception {
        return snapshot(id, id);
    }

    @Override
    public List<OperatorModes.Answer> answers() {
        List<OperatorModes.Answer> answers = new ArrayList<>();
        for (AssembledSpeech piece : extractOutputValues()) {
            answers.add(new OperatorModes.Answer(
                    piece.key(), Assembly.described(piece) + " of " + piece.sinceOffset + " to " + piece.origin));
        }
        for (DeadLetter letter : unfit()) {
            answers.add(new OperatorModes.Answer("unfit", letter.getReason() + " " + letter.getMessage()));
        }
        return answers;
    }
}
