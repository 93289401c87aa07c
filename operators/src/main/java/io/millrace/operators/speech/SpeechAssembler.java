package io.millrace.operators.speech;

import io.millrace.operators.source.Traced;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Runs a {@link ChannelAssembler} for each channel of each stream: audio chunks in, chunks of features and ends of
 * stretches out, in order.
 *
 * <p>Waiting goes by the wall clock, for silence of a recorder has no event time; time in which the job did not run does
 * not count. Run by an {@link io.millrace.operators.eventtime.EventTimeOperator}, every stream is ended at the end of
 * input.
 */
public final class SpeechAssembler extends KeyedProcessFunction<String, Traced<AudioChunk>, AssembledSpeech> {

    /** Key of audio chunks: channel and stream. */
    public static final KeySelector<Traced<AudioChunk>, String> KEY = new ChannelOfStream();

    private static final class ChannelOfStream implements KeySelector<Traced<AudioChunk>, String> {
        @Override
        public String getKey(Traced<AudioChunk> chunk) {
            return AssembledSpeech.key(chunk.record.getStreamId(), chunk.record.getChannel());
        }
    }

    private final AssemblerSettings settings;
    private final SpeechContract contract;
    private final OutputTag<DeadLetter> unfit;

    private transient ValueState<ChannelState> channels;
    private transient ChannelAssembler assembler;
    private transient AssemblerMetrics metrics;
    private transient Sink sink;
    private transient long runningSince;

    /** {@code unfit}: side output of chunks that cannot be heard. */
    public SpeechAssembler(AssemblerSettings settings, SpeechContract contract, OutputTag<DeadLetter> unfit) {
        if (!contract.lookAheads().contains(settings.lookAhead())) {
            throw new IllegalArgumentException(
                    "look-ahead " + settings.lookAhead() + " is none that the model serves: " + contract.lookAheads());
        }
        this.settings = settings;
        this.contract = contract;
        this.unfit = unfit;
    }

    @Override
    public void open(OpenContext context) {
        channels = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("channel", TypeInformation.of(ChannelState.class)));
        metrics = new AssemblerMetrics(getRuntimeContext().getMetricGroup(), settings.lookAhead());
        sink = new Sink();
        assembler = new ChannelAssembler(settings, contract, sink);
        runningSince = Long.MIN_VALUE;
    }

    @Override
    public void processElement(Traced<AudioChunk> chunk, Context context, Collector<AssembledSpeech> out)
            throws Exception {
        long now = context.timerService().currentProcessingTime();
        startClock(now);
        sink.turnTo(context, out);
        metrics.came(chunk.record, now);
        ChannelState known = channels.value();
        ChannelState state = assembler.accept(known, chunk, now);
        if (state == null) {
            return;
        }
        if (known == null) {
            // Fires at the end of input, when nothing comes that could end the stream.
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        }
        metrics.active(context.getCurrentKey(), state.phase());
        watch(state, context);
        channels.update(state);
    }

    /** The first record or timer after a start: from now on a stream without chunks is silent, and not unheard. */
    private void startClock(long now) {
        if (runningSince == Long.MIN_VALUE) {
            runningSince = now;
        }
    }

    /** Sees to it that a timer looks at the state in time. One that comes too early sets the next. */
    private void watch(ChannelState state, Context context) {
        long due = assembler.deadline(state, runningSince);
        if (due < state.timer) {
            context.timerService().registerProcessingTimeTimer(due);
            state.timer = due;
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<AssembledSpeech> out) throws Exception {
        long now = context.timerService().currentProcessingTime();
        startClock(now);
        ChannelState state = channels.value();
        if (state == null) {
            return;
        }
        sink.turnTo(context, out);
        if (timestamp == Long.MAX_VALUE) {
            assembler.drain(state, now);
            forget(context);
            return;
        }
        if (timestamp != state.timer) {
            return;
        }
        state.timer = ChannelState.NO_TIMER;
        state = assembler.onTime(state, now, runningSince);
        if (state == null) {
            context.timerService().deleteEventTimeTimer(Long.MAX_VALUE);
            forget(context);
            return;
        }
        metrics.active(context.getCurrentKey(), state.phase());
        watch(state, context);
        channels.update(state);
    }

    private void forget(Context context) {
        metrics.active(context.getCurrentKey(), ChannelState.Phase.OVER);
        channels.clear();
    }

    /** Outputs of the assembler, into those of the record or timer that is at work. */
    private final class Sink implements ChannelAssembler.Output {
        private Context context;
        private Collector<AssembledSpeech> out;

        private void turnTo(Context now, Collector<AssembledSpeech> speech) {
            context = now;
            out = speech;
        }

        @Override
        public void speech(AssembledSpeech speech) {
            out.collect(speech);
        }

        @Override
        public void givenUp(Traced<AudioChunk> chunk, DeadLetterReason reason, String message) {
            metrics.givenUp(reason);
            context.output(unfit, SpeechDeadLetters.of(chunk, reason, message));
        }

        @Override
        public void unheard(AssembledSpeech speech, String message) {
            metrics.givenUp(DeadLetterReason.INVALID_RECORD);
            context.output(unfit, SpeechDeadLetters.of(speech, "assemble", DeadLetterReason.INVALID_RECORD, message));
        }

        @Override
        public void repeated() {
            metrics.repeated();
        }

        @Override
        public void filled(long millis) {
            metrics.filled(millis);
        }

        @Override
        public void lookAhead(int frames, LookAheadControl.Decision decision) {
            metrics.lookAhead(frames, decision);
        }
    }
}
