package io.millrace.operators.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import ai.djl.Device;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.torch.Devices;
import io.millrace.operators.inference.internal.ArenaModel;
import io.millrace.operators.inference.internal.BatchScheduler;
import io.millrace.operators.inference.internal.CacheDirectory;
import io.millrace.operators.inference.internal.Candidate;
import io.millrace.operators.inference.internal.Clock;
import io.millrace.operators.inference.internal.Deployment;
import io.millrace.operators.inference.internal.DeviceModel;
import io.millrace.operators.inference.internal.Emitter;
import io.millrace.operators.inference.internal.FlinkCacheStore;
import io.millrace.operators.inference.internal.InferenceLoop;
import io.millrace.operators.inference.internal.InferenceMetrics;
import io.millrace.operators.inference.internal.InferenceState;
import io.millrace.operators.inference.internal.InferenceThread;
import io.millrace.operators.inference.internal.Mailbox;
import io.millrace.operators.inference.internal.ModelTrial;
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
        Mail mail = new Mail();
        inference = new InferenceThread(getOperatorName() + " #" + subtask);
        openRollout(mail);
        Restoration restoration = Restoration.of(state.savedServing(), stage.model(), taskAttempt);
        if (subtask == 0) {
            restoration.notes().forEach(note -> LOG.warn("stage {}: {}", settings.stage(), note));
        }
        versions = openVersions(restoration);
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
                new Downstream(),
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

    private void openRollout(Mail mail) {
        RolloutSettings how = settings.rollout();
        ExecutorService background = daemon("model loader " + settings.stage(), 1);
        boolean atCheckpoints = CheckpointingOptions.isCheckpointingEnabled(
                getContainingTask().getEnvironment().getJobConfiguration());
        rollout = new Rollout<>(
                settings.stage(),
                new RolloutPolicy(how.loadAttempts(), how.loadPause(), how.trialTime(), atCheckpoints),
                this::candidate,
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

    /** Loads what serves; states of another layout are not read. */
    private Versions<K, I, O> openVersions(Restoration restoration) throws Exception {
        ServingSnapshot.Generation saved = restoration.current();
        DeviceModel<I, O> model = open(saved);
        boolean otherLayout = !saved.layout().isEmpty()
                && !saved.layout().equals(model.stateSpec().fingerprint());
        if (otherLayout) {
            String what = "the states of " + saved.model().id() + " were kept in layout " + saved.layout()
                    + ", which is " + model.stateSpec().fingerprint() + " now ("
                    + model.stateSpec().layout() + ")";
            if (settings.rollout().onLayoutChange() == RolloutSettings.LayoutChange.REFUSE) {
                model.close();
                throw new IllegalStateException(
                        what
                                + "; change the settings of the model back, or let every key start again by on-layout-change: RESET");
            }
            LOG.warn("stage {}: {}: every key starts again", settings.stage(), what);
        }
        Deployment<K, I, O> current = new Deployment<>(
                otherLayout ? saved.number() + 1 : saved.number(),
                saved.orderId(),
                saved.model(),
                model,
                settings.slots());
        if (!otherLayout) {
            current.accepted().addAll(saved.accepted());
        }
        long drainMillis = settings.stateTtl().isZero()
                ? settings.rollout().drainLimit().toMillis()
                : settings.stateTtl().toMillis();
        Versions<K, I, O> opened = new Versions<>(current, settings.slots(), drainMillis);
        restoration.draining().forEach(old -> openDraining(old, opened));
        return opened;
    }

    private void openDraining(ServingSnapshot.Generation old, Versions<K, I, O> opened) {
        try {
            Deployment<K, I, O> draining =
                    new Deployment<>(old.number(), old.orderId(), old.model(), open(old), settings.slots());
            draining.accepted().addAll(old.accepted());
            opened.drain(draining, old.deadline());
        } catch (Exception gone) {
            LOG.warn(
                    "stage {}: {}, which only finished what it had begun, does not load, so its keys start again on {}: {}",
                    settings.stage(),
                    old.model().id(),
                    opened.current().id(),
                    gone.getMessage());
        }
    }

    private DeviceModel<I, O> open(ServingSnapshot.Generation generation) throws Exception {
        try {
            return host(load(generation.model()));
        } catch (Exception failure) {
            if (generation.orderId().isEmpty()) {
                throw failure;
            }
            throw new IllegalStateException(
                    generation.model().id() + ", which order " + generation.orderId() + " brought, does not load from "
                            + generation.model().location() + ": " + failure.getMessage()
                            + "; put it back there, or name another model in the configuration, which then takes over",
                    failure);
        }
    }

    private StreamingModel<I, O> load(ModelReference reference) throws Exception {
        Device device = Devices.parse(settings.device());
        StreamingModel<I, O> model = stage.loader().load(reference, device);
        try {
            if (!model.id().equals(reference.id())) {
                throw new IllegalArgumentException(
                        reference.location() + " holds " + model.id() + ", not " + reference.id());
            }
            ModelTrial.run(model);
            return model;
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
    }

    private DeviceModel<I, O> host(StreamingModel<I, O> model) {
        try {
            return ArenaModel.open(model, settings.slots());
        } catch (RuntimeException | Error noRoom) {
            model.close();
            throw noRoom;
        }
    }

    /** Loads what an order asks for, with room for states; off the task thread. */
    private Candidate<I, O> candidate(RolloutCommand command) throws Exception {
        StreamingModel<I, O> model = load(command.model());
        if (command.cachePolicy() != CachePolicy.MIGRATE) {
            return new Candidate<>(command, model, host(model));
        }
        Deployment<K, I, O> serving = versions.current();
        if (!model.stateSpec().equals(serving.stateSpec())) {
            model.close();
            throw new IllegalArgumentException("states of " + serving.id() + " do not fit "
                    + command.model().id() + ": " + serving.stateSpec() + " against " + model.stateSpec());
        }
        return new Candidate<>(command, model, null);
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
        closing.add(super::close);
        IOUtils.closeAll(closing);
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
        state.saveServing(serving());
        rollout.recording(context.getCheckpointId());
        metrics.publish(loop.figures());
        if (!stopping) {
            loop.afterBarrier();
        }
    }

    private ServingSnapshot serving() {
        List<ServingSnapshot.Generation> generations = new ArrayList<>();
        generations.add(generation(versions.current(), ServingSnapshot.CURRENT, trials.before()));
        versions.draining().forEach(old -> generations.add(generation(old.deployment(), old.deadline(), null)));
        Rollout.UnderWay order = rollout.underWay();
        return new ServingSnapshot(
                stage.model(),
                generations,
                order == null ? null : order.command(),
                order == null ? 0 : order.attempts(),
                rollout.known(),
                getRuntimeContext().getTaskInfo().getAttemptNumber());
    }

    private ServingSnapshot.Generation generation(
            Deployment<K, I, O> deployment, long deadline, ModelReference before) {
        return new ServingSnapshot.Generation(
                deployment.generation(),
                deployment.reference(),
                deployment.origin().layout(),
                deployment.orderId().isEmpty() ? ServingSnapshot.Cause.CONFIGURATION : ServingSnapshot.Cause.ORDER,
                deployment.orderId(),
                deadline,
                List.copyOf(deployment.accepted()),
                before);
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

    /** The mailbox of the task, which is closed when the task ends. */
    private final class Mail implements Mailbox {
        @Override
        public boolean post(Runnable mail, String what) {
            try {
                mailbox.execute(mail::run, what);
                return true;
            } catch (RejectedExecutionException over) {
                LOG.debug("{} came after the task had ended", what);
                return false;
            }
        }

        @Override
        public void yield() throws InterruptedException {
            mailbox.yield();
        }
    }

    /** What comes out of the loop. */
    private final class Downstream implements Emitter<OUT> {
        @Override
        public void result(OUT result, long timestamp) {
            output.collect(stamped(result, timestamp));
        }

        @Override
        public void letter(DeadLetter letter, long timestamp) {
            output.collect(stage.deadLetters(), stamped(letter, timestamp));
        }

        private <T> StreamRecord<T> stamped(T value, long timestamp) {
            return timestamp == PendingRecord.NO_TIMESTAMP
                    ? new StreamRecord<>(value)
                    : new StreamRecord<>(value, timestamp);
        }

        @Override
        public void watermark(long timestamp) {
            try {
                KeyedInferenceOperator.super.processWatermark(new Watermark(timestamp));
            } catch (Exception failure) {
                throw new IllegalStateException("a timer failed at watermark " + timestamp, failure);
            }
        }

        @Override
        public void idle() {
            output.emitWatermarkStatus(WatermarkStatus.IDLE);
        }
    }
}
