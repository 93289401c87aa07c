package io.millrace.operators.inference;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import io.millrace.operators.OperatorModes;
import io.millrace.operators.inference.internal.RolloutMessage;
import io.millrace.operators.inference.internal.RolloutVotes;
import io.millrace.schemas.CachePolicy;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.ReleaseAction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** An inference operator with a toy model, its time and its mails in the test's hands. */
final class InferenceHarness extends AbstractStreamOperatorTestHarness<Tuple4<Integer, Long, Double, String>>
        implements OperatorModes.Subtask<Tuple2<Integer, Long>> {

    static final int MAX_PARALLELISM = OperatorModes.MAX_PARALLELISM;
    private static volatile long clockNanos;
    private Coordinator coordinator;

    static final OutputTag<DeadLetter> DEAD_LETTERS = new OutputTag<>(
            "dead-letters", new org.apache.flink.formats.avro.typeutils.AvroTypeInfo<>(DeadLetter.class)) {};

    @SuppressWarnings("unchecked")
    private static TypeSerializer<Tuple2<Integer, Long>> recordSerializer() {
        return (TypeSerializer<Tuple2<Integer, Long>>) (TypeSerializer<?>) Types.TUPLE(Types.INT, Types.LONG)
                .createSerializer(new org.apache.flink.api.common.serialization.SerializerConfigImpl());
    }

    private InferenceHarness(InferenceSettings settings, ModelReference model, int parallelism, int index)
            throws Exception {
        this(settings, model, new ToyMapping(), parallelism, index);
    }

    private InferenceHarness(
            InferenceSettings settings, ModelReference model, ToyMapping mapping, int parallelism, int index)
            throws Exception {
        super(
                new KeyedInferenceOperatorFactory<>(
                                settings, model, ToyModel::load, mapping, DEAD_LETTERS, recordSerializer())
                        .withClock(() -> clockNanos),
                MAX_PARALLELISM,
                parallelism,
                index);
        config.setStatePartitioner(0, (Object record) -> ((Tuple2<?, ?>) record).f0);
        config.setStateKeySerializer(
                Types.INT.createSerializer(new org.apache.flink.api.common.serialization.SerializerConfigImpl()));
        config.serializeAllConfigs();
        passTime(1_000);
    }

    /** Lets wall clock and monotonic clock go on together. */
    void passTime(long millis) throws Exception {
        clockNanos += millis * 1_000_000;
        setProcessingTime(getProcessingTime() + millis);
    }

    /** Checkpoints are configured: orders are recorded before they are tried, and carried out at one. */
    private InferenceHarness withCheckpoints() {
        getEnvironment().getJobConfiguration().set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        return this;
    }

    /** The coordinator of one operator, whose subtasks are harnesses. */
    static final class Coordinator {
        private final List<InferenceHarness> subtasks = new ArrayList<>();
        private final RolloutVotes votes;

        Coordinator(int subtasks) {
            votes = new RolloutVotes(() -> subtasks);
        }

        private void join(InferenceHarness harness) {
            int subtask = subtasks.size();
            subtasks.add(harness);
            harness.inference().connect(message -> {
                if (message instanceof RolloutMessage.Ready ready) {
                    votes.ready(subtask, ready);
                    if (votes.isForNow()) {
                        agree();
                    }
                } else {
                    votes.forgetAll();
                    send(message);
                }
            });
        }

        /** What the coordinator does before the barrier of a checkpoint. */
        void checkpoint() {
            agree();
        }

        private void agree() {
            votes.take().ifPresent(this::send);
        }

        private void send(RolloutMessage message) {
            for (InferenceHarness harness : subtasks) {
                harness.mail(() -> harness.inference().handleOperatorEvent(message));
            }
        }
    }

    private void mail(org.apache.flink.util.function.ThrowingRunnable<Exception> mail) {
        new org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl(
                        getTaskMailbox(),
                        0,
                        org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor.IMMEDIATE)
                .execute(mail, "word of the coordinator");
    }

    static InferenceSettings.Builder settings() {
        return InferenceSettings.builder("toy")
                .optMaxBatch(4)
                .optCapacity(16)
                .optSlots(8)
                .optMaxWait(Duration.ofMillis(10))
                .optStateTtl(Duration.ZERO)
                .optDevice("cpu");
    }

    static InferenceHarness open(InferenceSettings settings) throws Exception {
        return open(settings, ToyModel.reference("1"), 1, 0, null);
    }

    static InferenceHarness open(
            InferenceSettings settings, ModelReference model, int parallelism, int index, OperatorSubtaskState state)
            throws Exception {
        return open(new InferenceHarness(settings, model, parallelism, index), new Coordinator(1), state);
    }

    static InferenceHarness open(InferenceSettings settings, ToyMapping mapping, OperatorSubtaskState state)
            throws Exception {
        return open(new InferenceHarness(settings, ToyModel.reference("1"), mapping, 1, 0), new Coordinator(1), state);
    }

    /** On a backend of the test's choice, in a job with checkpoints. */
    static InferenceHarness on(StateBackend backend, InferenceSettings settings, OperatorSubtaskState state)
            throws Exception {
        InferenceHarness harness = new InferenceHarness(settings, ToyModel.reference("1"), 1, 0).withCheckpoints();
        harness.setStateBackend(backend);
        return open(harness, new Coordinator(1), state);
    }

    /** One of several subtasks, of a job with checkpoints. */
    static InferenceHarness openWithCheckpoints(
            InferenceSettings settings, int parallelism, int index, Coordinator coordinator, OperatorSubtaskState state)
            throws Exception {
        return openWithCheckpoints(settings, ToyModel.reference("1"), parallelism, index, coordinator, state);
    }

    static InferenceHarness openWithCheckpoints(
            InferenceSettings settings,
            ModelReference model,
            int parallelism,
            int index,
            Coordinator coordinator,
            OperatorSubtaskState state)
            throws Exception {
        return open(new InferenceHarness(settings, model, parallelism, index).withCheckpoints(), coordinator, state);
    }

    private static InferenceHarness open(InferenceHarness harness, Coordinator coordinator, OperatorSubtaskState state)
            throws Exception {
        harness.setup();
        harness.coordinator = coordinator;
        coordinator.join(harness);
        if (state != null) {
            harness.initializeState(state);
        } else {
            harness.initializeEmptyState();
        }
        harness.open();
        return harness;
    }

    @SuppressWarnings("unchecked")
    KeyedInferenceOperator<Integer, Tuple2<Integer, Long>, Long, Double, Tuple4<Integer, Long, Double, String>>
            inference() {
        return (KeyedInferenceOperator<
                        Integer, Tuple2<Integer, Long>, Long, Double, Tuple4<Integer, Long, Double, String>>)
                (Object) getOperator();
    }

    void send(int key, long value, long timestamp) throws Exception {
        StreamRecord<Tuple2<Integer, Long>> element = new StreamRecord<>(Tuple2.of(key, value), timestamp);
        inference().setKeyContextElement1(element);
        inference().processElement1(element);
    }

    void send(int key, long value) throws Exception {
        send(key, value, 0);
    }

    @Override
    public void record(Tuple2<Integer, Long> record, long timestamp) throws Exception {
        send(record.f0, record.f1, timestamp);
    }

    @Override
    public List<OperatorModes.Answer> answers() {
        List<OperatorModes.Answer> answers = new ArrayList<>();
        results().forEach(r -> answers.add(new OperatorModes.Answer("" + r.f0, r.toString())));
        // letters of different keys come in any order: a batch with a poisoned record is tried again beside others
        deadLetters()
                .forEach(letter ->
                        answers.add(new OperatorModes.Answer("letter " + letter.getMessage(), letter.getMessage())));
        return answers;
    }

    @Override
    public void watermark(long timestamp) throws Exception {
        inference().processWatermark1(new Watermark(timestamp));
    }

    void idle() throws Exception {
        inference().processWatermarkStatus1(WatermarkStatus.IDLE);
    }

    void release(String id, String version, CachePolicy policy) {
        inference()
                .processElement2(new StreamRecord<>(ModelRelease.newBuilder()
                        .setReleaseId(id)
                        .setStage("toy")
                        .setAction(ReleaseAction.ROLL_OUT)
                        .setModel("toy")
                        .setVersion(version)
                        .setLocation("memory")
                        .setCachePolicy(policy)
                        .setMetrics(Map.of())
                        .setReleasedTime(Instant.EPOCH)
                        .build()));
    }

    /** Runs mails, letting batches age, until the condition holds. */
    void until(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing more happens; output so far: " + getOutput());
            }
            runMails();
            passTime(5);
            Thread.sleep(1);
        }
    }

    void runMails() throws Exception {
        while (true) {
            var mail = getTaskMailbox().tryTake(0);
            if (mail.isEmpty()) {
                return;
            }
            mail.get().run();
        }
    }

    void untilAnswered(int results) throws Exception {
        until(() -> results().size() + deadLetters().size() >= results);
    }

    /** As the task does that has failed: what is under way is left, no more mail runs, the operator is closed. */
    void closeWithoutFinishing() throws Exception {
        getTaskMailbox().quiesce();
        inference().close();
        getTaskMailbox().close();
        getEnvironment().close();
    }

    /** Whether an order is under way. */
    boolean isUnderWay() {
        return !inference().rolloutState().isEmpty();
    }

    /** Whether the model of an order is on its way, or waits for its next attempt. */
    boolean isLoading() {
        return inference().rolloutState().matches(".* (LOADING|PAUSED)");
    }

    /** The state of a checkpoint taken now. */
    @Override
    public OperatorSubtaskState checkpoint(long id) throws Exception {
        if (coordinator.subtasks.size() == 1) {
            coordinator.checkpoint();
            runMails();
        }
        prepareSnapshotPreBarrier(id);
        return snapshot(id, id);
    }

    @Override
    public void endOfInput() throws Exception {
        ((BoundedMultiInput) inference()).endInput(1);
        ((TwoInputStreamOperator<?, ?, ?>) inference()).finish();
    }

    List<Tuple4<Integer, Long, Double, String>> results() {
        return new ArrayList<>(extractOutputValues());
    }

    List<DeadLetter> deadLetters() {
        List<DeadLetter> letters = new ArrayList<>();
        var queue = getSideOutput(DEAD_LETTERS);
        if (queue != null) {
            queue.forEach(record -> letters.add(record.getValue()));
        }
        return letters;
    }

    List<Long> watermarks() {
        return getOutput().stream()
                .filter(Watermark.class::isInstance)
                .map(mark -> ((Watermark) mark).getTimestamp())
                .toList();
    }
}
