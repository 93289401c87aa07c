package io.millrace.operators.intrusion;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import io.millrace.operators.OperatorModes;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.operators.source.Origin;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FlowRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** An assembler as the job runs it, whose time is in seconds after {@link SampleFlows#START}. */
final class AssemblerHarness extends KeyedOneInputStreamOperatorTestHarness<String, Traced<FlowRecord>, AssembledFlow>
        implements OperatorModes.Subtask<FlowRecord> {

    static final Duration DISORDER = Duration.ofSeconds(60);
    static final int WINDOW = 3;
    static final Duration TTL = Duration.ofSeconds(600);
    private static final OutputTag<DeadLetter> LATE = new OutputTag<>("late", TypeInformation.of(DeadLetter.class));

    /** A year after the flows of the tests. */
    private static final Clock CLOCK = Clock.fixed(SampleFlows.START.plus(Duration.ofDays(365)), ZoneOffset.UTC);

    private AssemblerHarness(
            KeyedProcessFunction<String, Traced<FlowRecord>, AssembledFlow> function,
            Duration disorder,
            Clock clock,
            int parallelism,
            int index)
            throws Exception {
        super(
                new EventTimeOperator<>(function, disorder, clock),
                flow -> FlowRows.keyOf(flow.record),
                Types.STRING,
                OperatorModes.MAX_PARALLELISM,
                parallelism,
                index);
    }

    static AssemblerHarness started() throws Exception {
        return open(DISORDER, TTL);
    }

    static AssemblerHarness open(Duration disorder, Duration ttl) throws Exception {
        return open(disorder, ttl, 1, 0, null);
    }

    static AssemblerHarness open(
            Duration disorder, Duration ttl, int parallelism, int index, OperatorSubtaskState restored)
            throws Exception {
        return open(disorder, ttl, CLOCK, parallelism, index, restored);
    }

    static AssemblerHarness firstFormat() throws Exception {
        AssemblerHarness harness = new AssemblerHarness(new FirstFormat(), DISORDER, CLOCK, 1, 0);
        harness.setup();
        harness.open();
        return harness;
    }

    static AssemblerHarness at(Instant now, OperatorSubtaskState restored) throws Exception {
        return open(DISORDER, TTL, Clock.fixed(now, ZoneOffset.UTC), 1, 0, restored);
    }

    private static AssemblerHarness open(
            Duration disorder, Duration ttl, Clock clock, int parallelism, int index, OperatorSubtaskState restored)
            throws Exception {
        FlowAssembler assembler = new FlowAssembler(disorder, WINDOW, ttl, clock, LATE);
        AssemblerHarness harness = new AssemblerHarness(assembler, disorder, clock, parallelism, index);
        harness.setup();
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
        return harness;
    }

    /** On a backend of the test's choice. */
    static AssemblerHarness on(StateBackend backend, OperatorSubtaskState restored) throws Exception {
        AssemblerHarness harness =
                new AssemblerHarness(new FlowAssembler(DISORDER, WINDOW, TTL, CLOCK, LATE), DISORDER, CLOCK, 1, 0);
        harness.setStateBackend(backend);
        harness.setup();
        if (restored != null) {
            harness.initializeState(restored);
        }
        harness.open();
        return harness;
    }

    AssemblerHarness send(FlowRecord... flows) throws Exception {
        for (FlowRecord flow : flows) {
            record(flow, flow.getEndTime().toEpochMilli());
        }
        return this;
    }

    /** Where a flow of the tests was read: told by its id. */
    static Origin originOf(FlowRecord flow) {
        return new Origin("flows", 3, flow.getFlowId().hashCode(), 1_000);
    }

    AssemblerHarness passed(double second) throws Exception {
        watermark(SampleFlows.millis(second));
        return this;
    }

    List<AssembledFlow> assembled() {
        return extractOutputValues();
    }

    List<String> ids() {
        return assembled().stream().map(assembled -> assembled.flow.getFlowId()).toList();
    }

    List<DeadLetter> late() {
        List<DeadLetter> letters = new ArrayList<>();
        if (getSideOutput(LATE) != null) {
            getSideOutput(LATE).forEach(record -> letters.add(record.getValue()));
        }
        return letters;
    }

    @Override
    public void record(FlowRecord flow, long timestamp) throws Exception {
        processElement(new Traced<>(flow, originOf(flow)), timestamp);
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
        for (AssembledFlow flow : assembled()) {
            answers.add(new OperatorModes.Answer(
                    flow.flow.getSourceAddress(),
                    flow.flow.getFlowId() + " #" + flow.sequence + " after " + List.of(flow.earlierIds) + " "
                            + java.util.Arrays.toString(flow.history) + " from " + flow.origin));
        }
        for (DeadLetter letter : late()) {
            answers.add(new OperatorModes.Answer(
                    "late", letter.getReason() + " " + letter.getOffset() + " " + letter.getMessage()));
        }
        return answers;
    }
}
