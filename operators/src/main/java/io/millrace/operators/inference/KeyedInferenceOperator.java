package io.millrace.operators.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.internal.BatchScheduler;
import io.millrace.operators.inference.internal.CacheDirectory;
import io.millrace.operators.inference.internal.Clock;
import io.millrace.operators.inference.internal.FlinkCacheStore;
import io.millrace.operators.inference.internal.FlinkEmitter;
import io.millrace.operators.inference.internal.FlinkMailbox;
import io.millrace.operators.inference.internal.InferenceLoop;
import io.millrace.operators.inference.internal.InferenceMetrics;
import io.millrace.operators.inference.internal.InferenceState;
import io.millrace.operators.inference.internal.InferenceThread;
import io.millrace.operators.inference.internal.Mailbox;
import io.millrace.operators.inference.internal.ModelHost;
import io.millrace.operators.inference.internal.PendingRecord;
import io.millrace.operators.inference.internal.Restoration;
import io.millrace.operators.inference.internal.Rollout;
import io.millrace.operators.inference.internal.RolloutMessage;
import io.millrace.operators.inference.internal.RolloutPolicy;
import io.millrace.operators.inference.internal.ServingSnapshot;
import io.millrace.operators.inference.internal.StateWriter;
import io.millrace.operators.inference.internal.Trials;
import io.millrace.operators.inference.internal.Versions;
import io.millrace.operators.inference.internal.WriteAheadPolicy;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.ModelRelease;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.runtime.operators.coordination.OperatorEventHandler;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.IOUtils;
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
 * <p>This class wires an {@link InferenceLoop}, which does the work, to Flink: mailbox, state, timers, watermarks. The task
 * thread alone touches Flink state and emits. Before a checkpoint barrier the batches in flight are waited for; what waits
 * unsent becomes keyed state, so a record is either answered before the barrier or found behind it.
 *
 * @param <K> key
 * @param <IN> record
 * @param <I> model input
 * @param <O> model output
 * @param <OUT> result
 */
public final class KeyedInferenceOperator<K, IN, I, O, OUT> extends AbstractStreamOperator<OUT>
        implements TwoInputStreamOperator<IN, ModelRelease, OUT>,
                Triggerable<K, VoidNamespace>,
                BoundedMultiInput,
                OperatorEventHandler {

    private static final Logger LOG = LoggerFactory.getLogger(KeyedInferenceOperator.class);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a stage makes of the operator. */
    record Stage<IN, I, O, OUT>(
            InferenceSettings settings,
            ModelReference model,
            ModelLoader<I, O> loader,
            RecordMapping<IN, I, O, OUT> mapping,
            OutputTag<DeadLetter> deadLetters,
            TypeSerializer<IN> recordSerializer) {}

    private final transient Stage<IN, I, O, OUT> stage;
    private final transient InferenceSettings settings;
    private final transient Clock clock;
    private final transient MailboxExecutor mailbox;
    private final transient List<AutoCloseable> toClose = new ArrayList<>();

    private transient Rollout.Link coordinator;
    private transient BatchScheduler<K, IN> scheduler;
    private transient ModelHost<K, I, O> host;
    private transient Versions<K, I, O> versions;
    private transient Rollout<I, O> rollout;
    private transient Trials<I, O> trials;
    private transient InferenceLoop<K, IN, I, O, OUT> loop;
    private transient InferenceThread inference;
    private transient InferenceState<K, IN> state;
    private transient FlinkCacheStore<K> store;
    private transient InferenceMetrics metrics;
    private transient boolean stopping;

    KeyedInferenceOperator(
            StreamOperatorParameters<OUT> parameters,
            Stage<IN, I, O, OUT> stage,
            Clock clock,
            MailboxExecutor mailbox) {
        super(parameters);
        this.stage = stage;
        this.settings = stage.settings();
        this.clock = clock;
        this.mailbox = mailbox;
    }

    /** Says how to reach the coordinator. */
    void connect(Rollout.Link link) {
        coordinator = link;
    }

    // ---------------------------------------------------------------- life

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = new InferenceState<>(this, stage.recordSerializer(), context);
    }

    @Override
    public void open() throws Exception {
        super.open();
        int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        int taskAttempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
        Mailbox mail = new FlinkMailbox(mailbox);
        inference = new InferenceThread(getOperatorName() + " #" + subtask);
        host = new ModelHost<>(settings, stage.loader());
        openRollout(mail);
        Restoration restoration = Restoration.of(state.savedServing(), stage.model(), taskAttempt);
        if (subtask == 0) {
            restoration.notes().forEach(note -> LOG.warn("stage {}: {}", settings.stage(), note));
        }
        versions = host.open(restoration);
        toClose.add(versions);
        store = new FlinkCacheStore<>(
                this,
                state,
                getInternalTimerService("state-ttl", VoidNamespaceSerializer.INSTANCE, this),
                settings.stateTtl().toMillis());
        scheduler = new BatchScheduler<>(
                settings.maxBatch(),
                settings.maxWait().toNanos(),
                new BatchScheduler.Capacity(settings.capacity(), settings.capacityBytes()),
                stage.mapping().preparesAside());
        CacheDirectory<K> directory =
                new CacheDirectory<>(versions, settings.stateTtl().toMillis(), store);
        metrics = new InferenceMetrics(getMetricGroup(), rollout);
        loop = new InferenceLoop<>(
                new InferenceLoop.Surroundings(clock, this::alarm, mail, inference, preparers(subtask)),
                new InferenceLoop.Parts<>(
                        scheduler,
                        versions,
                        directory,
                        new StateWriter<>(versions, directory, inference, mail),
                        new WriteAheadPolicy(settings.writeAheadFrom().toNanos()),
                        rollout),
                stage.mapping(),
                new FlinkEmitter<>(output, stage.deadLetters(), super::processWatermark),
                trials,
                settings.maxBatch(),
                settings.pipelineDepth(),
                metrics);
        rollout.connect(coordinator, versions::nextGeneration, loop::lastWatermark, loop::dispatch);
        trials.connect(coordinator);
        trials.restore(restoration.current().before());
        state.restorePending(loop::restore);
        rollout.restore(restoration.known(), restoration.order());
        if (scheduler.size() > 0) {
            mailbox.execute(loop::dispatch, "go on with restored records");
        }
        metrics.publish(loop.figures());
    }

    private void openRollout(Mailbox mail) {
        RolloutSettings how = settings.rollout();
        ExecutorService background = daemon("model loader " + settings.stage(), 1);
        boolean atCheckpoints = CheckpointingOptions.isCheckpointingEnabled(
                getContainingTask().getEnvironment().getJobConfiguration());
        rollout = new Rollout<>(
                settings.stage(),
                new RolloutPolicy(how.loadAttempts(), how.loadPause(), how.trialTime(), atCheckpoints),
                host::candidate,
                background,
                mail,
                this::alarm);
        trials = new Trials<>(settings.stage(), clock, how.trialTime(), rollout);
        toClose.add(background::shutdownNow);
        toClose.add(rollout);
    }

    private ExecutorService daemon(String name, int threads) {
        return Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    private ExecutorService preparers(int subtask) {
        if (!stage.mapping().preparesAside()) {
            return null;
        }
        ExecutorService pool =
                daemon("preparation " + getOperatorName() + " #" + subtask, settings.preparationThreads());
        toClose.add(pool::shutdownNow);
        return pool;
    }

    @Override
    public void endInput(int inputId) throws Exception {
        if (inputId == 1) {
            loop.flush();
        }
    }

    @Override
    public void finish() throws Exception {
        loop.flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        List<AutoCloseable> closing = new ArrayList<>(toClose);
        if (inference != null && !inference.stop(PATIENCE)) {
            LOG.error(
                    "stage {}: a call of the model has not ended after {} s; what it works on is left in memory, since to free"
                            + " it now would end the process",
                    settings.stage(),
                    PATIENCE.toSeconds());
            closing.remove(versions);
        }
        try {
            IOUtils.closeAll(closing);
        } catch (Exception failure) {
            // Thrown from the clean-up of a failed task it would end the TaskManager.
            LOG.error("stage {}: not everything could be closed", settings.stage(), failure);
        }
        super.close();
    }

    // ---------------------------------------------------------------- records and time

    @Override
    @SuppressWarnings("unchecked")
    public void processElement1(StreamRecord<IN> element) throws Exception {
        IN value = getExecutionConfig().isObjectReuseEnabled()
                ? stage.recordSerializer().copy(element.getValue())
                : element.getValue();
        loop.offer(
                (K) getCurrentKey(),
                value,
                element.hasTimestamp() ? element.getTimestamp() : PendingRecord.NO_TIMESTAMP);
    }

    @Override
    public void processWatermark1(Watermark mark) {
        loop.watermark(mark.getTimestamp());
    }

    @Override
    public void processWatermark2(Watermark mark) {
        // Releases have no event time: they hold nothing back.
    }

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int index) {
        if (index == 0) {
            if (!status.isIdle()) {
                output.emitWatermarkStatus(status);
            }
            loop.idle(status.isIdle());
        }
    }

    @Override
    public void onEventTime(InternalTimer<K, VoidNamespace> timer) {
        store.lookAgain(timer.getKey(), loop.expire(timer.getKey(), timer.getTimestamp()));
    }

    @Override
    public void onProcessingTime(InternalTimer<K, VoidNamespace> timer) {
        throw new IllegalStateException("no processing-time timers are registered");
    }

    private void alarm(long nanos, Runnable wake) {
        long at =
                getProcessingTimeService().getCurrentProcessingTime() + (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
        getProcessingTimeService().registerTimer(at, time -> wake.run());
    }

    // ---------------------------------------------------------------- checkpoints

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        loop.beforeBarrier();
    }

    @Override
    public OperatorSnapshotFutures snapshotState(
            long checkpointId, long timestamp, CheckpointOptions options, CheckpointStreamFactory factory)
            throws Exception {
        // Nothing may leave behind the savepoint that ends the job: it would leave again when the job goes on.
        stopping = options.getCheckpointType().isSavepoint()
                && ((SavepointType) options.getCheckpointType()).isSynchronous();
        return super.snapshotState(checkpointId, timestamp, options, factory);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        loop.writeBack();
        state.savePending(scheduler);
        state.saveServing(ServingSnapshot.of(
                stage.model(),
                versions,
                trials.before(),
                rollout,
                getRuntimeContext().getTaskInfo().getAttemptNumber()));
        rollout.recording(context.getCheckpointId());
        metrics.publish(loop.figures());
        if (!stopping) {
            loop.afterBarrier();
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        rollout.recorded(checkpointId);
        metrics.publish(loop.figures());
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        super.notifyCheckpointAborted(checkpointId);
        if (stopping) {
            stopping = false;
            loop.afterBarrier();
        }
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

    /** Carries out an order to serve another version: loaded in the background, swapped by all subtasks at one checkpoint. */
    public void onControl(RolloutCommand command) {
        rollout.order(command, versions.current().reference());
    }

    /** The order under way and how far it is; empty if there is none. */
    String rolloutState() {
        return rollout.state();
    }

    @Override
    public void handleOperatorEvent(OperatorEvent event) {
        if (event instanceof RolloutMessage.Broken broken) {
            trials.withdraw(broken, versions.current().generation());
        } else {
            RolloutMessage message = (RolloutMessage) event;
            rollout.hear(message);
            if (message instanceof RolloutMessage.Failed failed) {
                trials.failIfBroken(failed.why());
            }
        }
    }
}
