package io.millrace.operators.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;

import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.torch.Devices;
import io.millrace.operators.inference.internal.Batch;
import io.millrace.operators.inference.internal.BatchScheduler;
import io.millrace.operators.inference.internal.CacheEntry;
import io.millrace.operators.inference.internal.CacheStore;
import io.millrace.operators.inference.internal.Deployment;
import io.millrace.operators.inference.internal.Deployments;
import io.millrace.operators.inference.internal.FaultIsolation;
import io.millrace.operators.inference.internal.InferenceMetrics;
import io.millrace.operators.inference.internal.InferenceState;
import io.millrace.operators.inference.internal.InferenceThread;
import io.millrace.operators.inference.internal.PendingRecord;
import io.millrace.operators.inference.internal.Rollout;
import io.millrace.operators.inference.internal.StoredState;
import io.millrace.operators.inference.internal.WatermarkGate;
import io.millrace.operators.inference.internal.WriteAheadPolicy;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.ModelRelease;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link StreamingModel} over a keyed stream: batches across keys, per-key model state in an arena on the device
 * with its durable copy in Flink keyed state, inference pipelined beside the task thread, model swap while running.
 *
 * <p>First input: the records. Second input: model releases, broadcast to all subtasks. Main output: results, in order
 * per key; side output {@code deadLetters}: records that the model could not answer.
 *
 * <p>The task thread alone touches Flink state and emits. Before a checkpoint barrier the batches in flight are waited
 * for; what waits unsent becomes keyed state, so a record is either answered before the barrier or found behind it.
 *
 * @param <K> key
 * @param <IN> record
 * @param <I> model input
 * @param <O> model output
 * @param <OUT> result
 */
public final class KeyedInferenceOperator<K, IN, I, O, OUT> extends AbstractStreamOperator<OUT>
        implements TwoInputStreamOperator<IN, ModelRelease, OUT>, Triggerable<K, VoidNamespace>, BoundedMultiInput {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedInferenceOperator.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final InferenceSettings settings;
    private final ModelReference initialModel;
    private final ModelLoader<I, O> loader;
    private final RecordMapping<IN, I, O, OUT> mapping;
    private final OutputTag<DeadLetter> deadLetters;
    private final TypeSerializer<IN> recordSerializer;
    private final transient MailboxExecutor mailbox;

    private transient BatchScheduler<K, IN> scheduler;
    private transient WatermarkGate watermarks;
    private transient Deployments<K, IN, I, O> deployments;
    private transient WriteAheadPolicy writeAhead;
    private transient Rollout<I, O> rollout;
    private transient InferenceThread inference;
    private transient InferenceState<K, IN> state;
    private transient InferenceMetrics metrics;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient int batchLimit;
    private transient int inFlight;
    private transient boolean holdBatches;
    private transient boolean flushing;
    private transient boolean idle;
    private transient long ageTimer;
    private transient long lastWatermark;

    KeyedInferenceOperator(
            StreamOperatorParameters<OUT> parameters,
            InferenceSettings settings,
            ModelReference initialModel,
            ModelLoader<I, O> loader,
            RecordMapping<IN, I, O, OUT> mapping,
            OutputTag<DeadLetter> deadLetters,
            TypeSerializer<IN> recordSerializer) {
        super(parameters);
        this.settings = settings;
        this.initialModel = initialModel;
        this.loader = loader;
        this.mapping = mapping;
        this.deadLetters = deadLetters;
        this.recordSerializer = recordSerializer;
        this.mailbox = parameters.getMailboxExecutor();
    }

    // ---------------------------------------------------------------- life

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = new InferenceState<>(this, recordSerializer, context);
    }

    @Override
    public void open() throws Exception {
        super.open();
        scheduler = new BatchScheduler<>(settings.maxBatch(), settings.maxWait().toNanos(), settings.capacity());
        watermarks = new WatermarkGate();
        writeAhead = new WriteAheadPolicy(settings.writeAheadFrom().toNanos());
        timers = getInternalTimerService("state-ttl", VoidNamespaceSerializer.INSTANCE, this);
        batchLimit = settings.maxBatch();
        ageTimer = Long.MAX_VALUE;
        lastWatermark = Long.MIN_VALUE;
        inference = new InferenceThread(
                getOperatorName() + " #" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        rollout = new Rollout<>(settings.stage(), loader, Devices.parse(settings.device()));
        openDeployments();
        metrics = new InferenceMetrics(getMetricGroup(), scheduler, deployments, rollout, () -> inFlight);
        state.restorePending((key, record, timestamp) ->
                scheduler.offer(new PendingRecord<>(key, record, timestamp, watermarks.enter(), nowNanos())));
        if (scheduler.size() > 0) {
            mailbox.execute(this::dispatch, "go on with restored records");
        }
    }

    private void openDeployments() throws Exception {
        List<InferenceState.SavedDeployment> saved = state.savedDeployments();
        ModelReference serving = initialModel;
        List<String> accepted = List.of();
        for (InferenceState.SavedDeployment deployment : saved) {
            if (deployment.isCurrent()) {
                serving = deployment.model();
                accepted = deployment.acceptedVersions();
                rollout.restore(deployment.releaseId());
            }
        }
        deployments = new Deployments<>(
                load(serving, accepted), settings.slots(), settings.stateTtl().toMillis(), new Store());
        for (InferenceState.SavedDeployment deployment : saved) {
            if (!deployment.isCurrent()) {
                deployments.restoreDraining(
                        load(deployment.model(), deployment.acceptedVersions()), deployment.drainDeadline());
            }
        }
    }

    private Deployment<K, I, O> load(ModelReference reference, List<String> accepted) throws Exception {
        Deployment<K, I, O> deployment = new Deployment<>(reference, rollout.load(reference), settings.slots());
        deployment.acceptedVersions().addAll(accepted);
        return deployment;
    }

    @Override
    public void endInput(int inputId) throws Exception {
        if (inputId == 1) {
            flush();
        }
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    private void flush() throws Exception {
        flushing = true;
        dispatch();
        while (scheduler.size() > 0) {
            mailbox.yield();
            dispatch();
        }
        flushing = false;
    }

    @Override
    public void close() throws Exception {
        try {
            if (inference != null) {
                inference.close();
            }
            if (rollout != null) {
                rollout.close();
            }
            if (deployments != null) {
                deployments.close();
            }
        } finally {
            super.close();
        }
    }

    // ---------------------------------------------------------------- records

    @Override
    @SuppressWarnings("unchecked")
    public void processElement1(StreamRecord<IN> element) throws Exception {
        K key = (K) getCurrentKey();
        while (scheduler.isFull()) {
            dispatch();
            if (scheduler.isFull()) {
                mailbox.yield();
            }
        }
        IN value = getExecutionConfig().isObjectReuseEnabled()
                ? recordSerializer.copy(element.getValue())
                : element.getValue();
        long timestamp = element.hasTimestamp() ? element.getTimestamp() : PendingRecord.NO_TIMESTAMP;
        scheduler.offer(new PendingRecord<>(key, value, timestamp, watermarks.enter(), nowNanos()));
        dispatch();
    }

    private void dispatch() {
        if (inFlight == 0 && !holdBatches) {
            changeDeployments();
        }
        while (!holdBatches && !rollout.isReady() && inFlight < settings.pipelineDepth() && isDue()) {
            List<PendingRecord<K, IN>> records = scheduler.take(batchLimit, deployments::isAvailable);
            if (records.isEmpty()) {
                break;
            }
            submit(records);
        }
        armAgeTimer();
    }

    private boolean isDue() {
        return flushing ? scheduler.readyKeys() > 0 : scheduler.isDue(nowNanos(), batchLimit);
    }

    private void submit(List<PendingRecord<K, IN>> records) {
        List<PendingRecord<K, IN>> fit = new ArrayList<>(records.size());
        List<I> inputs = new ArrayList<>(records.size());
        for (PendingRecord<K, IN> record : records) {
            if (mapping.endsKey(record.value())) {
                end(record);
                continue;
            }
            try {
                inputs.add(mapping.input(record.value()));
                fit.add(record);
            } catch (RuntimeException unfit) {
                giveUp(record, DeadLetterReason.INVALID_RECORD, String.valueOf(unfit.getMessage()));
                leave(record);
            }
        }
        if (!fit.isEmpty()) {
            for (Batch<K, IN, I, O> batch : deployments.assemble(fit, inputs, System.nanoTime())) {
                inFlight++;
                inference.run(batch::run, completion -> returnHome(batch, completion));
            }
        }
        releaseWatermarks();
    }

    /** Nothing of the key is in flight or on its way out of an arena: the scheduler has seen to that. */
    private void end(PendingRecord<K, IN> record) {
        deployments.end(record.key());
        emit(record, mapping.ended(record.value(), deployments.current().id()));
        leave(record);
    }

    private void returnHome(Batch<K, IN, I, O> batch, InferenceThread.Result<Batch.Completion<O>> result) {
        try {
            mailbox.execute(
                    () -> complete(batch, result.get()),
                    "batch of %s",
                    batch.deployment().id());
        } catch (RejectedExecutionException cancelled) {
            LOG.debug("a batch came back after the task had ended");
        }
    }

    private void complete(Batch<K, IN, I, O> batch, Batch.Completion<O> completion) {
        inFlight--;
        deployments.complete(batch, completion);
        metrics.batch(batch, completion);
        if (completion.outOfMemoryAt() <= batchLimit) {
            batchLimit = Math.max(1, completion.outOfMemoryAt() / 2);
            metrics.batchLimit(batchLimit);
            LOG.warn(
                    "the device ran out of memory at {} records: batches hold {} at most now",
                    completion.outOfMemoryAt(),
                    batchLimit);
        }
        for (int i = 0; i < batch.records().size(); i++) {
            PendingRecord<K, IN> record = batch.records().get(i);
            FaultIsolation.Outcome<O> outcome = completion.outcomes().get(i);
            if (outcome.succeeded()) {
                emit(
                        record,
                        mapping.result(
                                record.value(),
                                outcome.output(),
                                batch.deployment().id()));
            } else {
                giveUp(record, outcome.reason(), outcome.message());
            }
            leave(record);
        }
        releaseWatermarks();
        writeAhead();
        dispatch();
    }

    private void emit(PendingRecord<K, IN> record, OUT result) {
        output.collect(
                record.hasTimestamp() ? new StreamRecord<>(result, record.timestamp()) : new StreamRecord<>(result));
    }

    private void giveUp(PendingRecord<K, IN> record, DeadLetterReason reason, String message) {
        metrics.deadLetter();
        DeadLetter letter = mapping.deadLetter(record.value(), reason, message);
        output.collect(
                deadLetters,
                record.hasTimestamp() ? new StreamRecord<>(letter, record.timestamp()) : new StreamRecord<>(letter));
    }

    private void leave(PendingRecord<K, IN> record) {
        scheduler.complete(record.key());
        watermarks.leave(record.epoch());
    }

    private long nowNanos() {
        return getProcessingTimeService().getCurrentProcessingTime() * NANOS_PER_MILLI;
    }

    private void armAgeTimer() {
        OptionalLong due = scheduler.nextDueNanos();
        // What is due and yet not sent waits for a batch to come back, not for time: a timer in the past would spin.
        if (due.isEmpty() || holdBatches || inFlight >= settings.pipelineDepth() || isDue()) {
            return;
        }
        long at = (due.getAsLong() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
        if (at < ageTimer) {
            ageTimer = at;
            getProcessingTimeService().registerTimer(at, time -> {
                ageTimer = Long.MAX_VALUE;
                dispatch();
            });
        }
    }

    // ---------------------------------------------------------------- time

    @Override
    public void processWatermark1(Watermark mark) throws Exception {
        watermarks.watermark(mark.getTimestamp());
        releaseWatermarks();
    }

    @Override
    public void processWatermark2(Watermark mark) {
        // Releases have no event time: they hold nothing back.
    }

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int index) {
        if (index == 0) {
            idle = status.isIdle();
            if (!idle) {
                output.emitWatermarkStatus(status);
            }
            releaseWatermarks();
        }
    }

    private void releaseWatermarks() {
        watermarks.release(timestamp -> {
            lastWatermark = timestamp;
            try {
                super.processWatermark(new Watermark(timestamp));
            } catch (Exception failure) {
                throw new IllegalStateException("a timer failed at watermark " + timestamp, failure);
            }
        });
        // A watermark sent after the stream was declared idle would be dropped: idleness waits its turn as well.
        if (idle && scheduler.size() == 0) {
            idle = false;
            output.emitWatermarkStatus(WatermarkStatus.IDLE);
        }
    }

    @Override
    public void onEventTime(InternalTimer<K, VoidNamespace> timer) {
        OptionalLong again = scheduler.holds(timer.getKey())
                ? OptionalLong.of(timer.getTimestamp() + settings.stateTtl().toMillis())
                : deployments.expire(timer.getKey(), timer.getTimestamp());
        if (again.isPresent()) {
            setCurrentKey(timer.getKey());
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, again.getAsLong());
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<K, VoidNamespace> timer) {
        throw new IllegalStateException("no processing-time timers are registered");
    }

    // ---------------------------------------------------------------- checkpoints

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        holdBatches = true;
        while (inFlight > 0) {
            mailbox.yield();
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        long start = System.nanoTime();
        int states = deployments.writeBack(inference);
        state.savePending(scheduler);
        state.saveDeployments(deployments, rollout.releaseId());
        long took = System.nanoTime() - start;
        writeAhead.barrier(nowNanos(), states, took);
        metrics.writtenBack(states, took);
        holdBatches = false;
        mailbox.execute(this::dispatch, "go on after the checkpoint");
    }

    /** Shortly before a checkpoint is due, writes some of the states that it would have to write. */
    private void writeAhead() {
        if (holdBatches) {
            return;
        }
        long start = System.nanoTime();
        WriteAheadPolicy.Action action = writeAhead.next(deployments.dirty(), nowNanos());
        if (action == WriteAheadPolicy.Action.NOTHING) {
            return;
        }
        if (action == WriteAheadPolicy.Action.BEGIN) {
            deployments.beginWriteAhead();
        }
        int states = deployments.writeAhead(inference);
        writeAhead.wrote(states, System.nanoTime() - start);
        metrics.writtenAhead(states);
    }

    // ---------------------------------------------------------------- roll-out

    @Override
    public void processElement2(StreamRecord<ModelRelease> element) {
        ModelRelease release = element.getValue();
        if (!settings.stage().equals(release.getStage())) {
            return;
        }
        try {
            onControl(RolloutCommand.of(release));
        } catch (IllegalArgumentException refused) {
            rollout.refuse(refused.getMessage());
        }
    }

    /** Carries out an order to serve another version: loaded in the background, swapped at a batch boundary. */
    public void onControl(RolloutCommand command) {
        rollout.begin(command, deployments.current().reference(), () -> {
            try {
                mailbox.execute(this::dispatch, "swap to %s", command.model().id());
            } catch (RejectedExecutionException cancelled) {
                LOG.debug(
                        "{} was loaded after the task had ended",
                        command.model().id());
            }
        });
    }

    private void changeDeployments() {
        rollout.takeReady((command, model) -> deployments.swap(command.model(), model, command.cachePolicy()));
        if (lastWatermark != Long.MIN_VALUE && !settings.stateTtl().isZero()) {
            deployments.setMissingDeadlines(lastWatermark + settings.stateTtl().toMillis());
        }
        OptionalLong retirement = deployments.nextRetirement();
        if (retirement.isPresent() && retirement.getAsLong() <= lastWatermark) {
            deployments.retire(lastWatermark);
        }
    }

    /** The durable side of the states: Flink keyed state and the timers that let it expire. */
    private final class Store implements CacheStore<K> {

        @Override
        public StoredState read(K key) {
            setCurrentKey(key);
            return state.readCache();
        }

        @Override
        public void write(K key, CacheEntry entry) {
            setCurrentKey(key);
            state.writeCache(entry);
        }

        @Override
        public void clear(K key) {
            setCurrentKey(key);
            state.clearCache();
        }

        @Override
        public void started(K key, long timestamp) {
            if (!settings.stateTtl().isZero() && timestamp != PendingRecord.NO_TIMESTAMP) {
                setCurrentKey(key);
                timers.registerEventTimeTimer(
                        VoidNamespace.INSTANCE, timestamp + settings.stateTtl().toMillis());
            }
        }
    }
}
