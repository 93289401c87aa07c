package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

import io.millrace.operators.inference.RecordMapping;
import io.millrace.schemas.DeadLetterReason;

/**
 * The work of an inference operator without Flink: records come in by {@link #offer}, are batched, go to the device and
 * come home as mail; results, dead letters and watermarks leave by the {@link Emitter}. A plain machine for the task thread;
 * clock, mailbox, device and emitter are handed in, so that a test can be all of them.
 *
 * @param <K> key
 * @param <IN> record
 * @param <I> model input
 * @param <O> model output
 * @param <OUT> result
 */
public final class InferenceLoop<K, IN, I, O, OUT> {

    /**
     * What is around a loop.
     *
     * @param clock for how long records have waited
     * @param alarm wakes the loop when they have waited long enough
     * @param mailbox of the task thread
     * @param device runs batches
     * @param preparers run the costly part of a mapping
     */
    public record Surroundings(Clock clock, Alarm alarm, Mailbox mailbox, DeviceQueue device, Executor preparers) {}

    /**
     * Its parts.
     *
     * @param scheduler which records go next
     * @param versions models that serve
     * @param directory where states are
     * @param writer writes them to the store
     * @param writeAhead when to do so ahead of a checkpoint
     * @param rollout orders to serve another model
     */
    public record Parts<K, IN, I, O>(
            BatchScheduler<K, IN> scheduler,
            Versions<K, I, O> versions,
            CacheDirectory<K> directory,
            StateWriter<K, I, O> writer,
            WriteAheadPolicy writeAhead,
            Rollout<I, O> rollout) {}

    private static final long PUBLISH_NANOS = 200_000_000;

    private final Surroundings around;
    private final BatchScheduler<K, IN> scheduler;
    private final Versions<K, I, O> versions;
    private final CacheDirectory<K> directory;
    private final StateWriter<K, I, O> writer;
    private final WriteAheadPolicy writeAhead;
    private final Rollout<I, O> rollout;
    private final BatchAssembler<K, IN, I, O> assembler;
    private final WatermarkGate watermarks = new WatermarkGate();
    private final GuardedMapping<IN, I, O, OUT> answers;
    private final Preparation<K, IN> preparation;
    private final Trials<I, O> trials;
    private final int pipelineDepth;
    private final BatchLimit limit;
    private final LoopMetrics metrics;
    private final Emitter<OUT> emitter;
    private long published;
    private int inFlight;
    private boolean held;
    private boolean flushing;
    private boolean idle;
    private boolean alarmed;
    private long alarmedFor;
    private long lastWatermark = Long.MIN_VALUE;

    /**
     * A loop that has nothing to do yet.
     *
     * @param around what is around it
     * @param parts what it consists of
     * @param mapping record to input, output to result
     * @param emitter takes what comes out
     * @param trials knows whether a model is young
     * @param maxBatch records a batch at most
     * @param pipelineDepth batches on their way to the device and back, at most
     * @param metrics is told what happens
     */
    public InferenceLoop(
            Surroundings around,
            Parts<K, IN, I, O> parts,
            RecordMapping<IN, I, O, OUT> mapping,
            Emitter<OUT> emitter,
            Trials<I, O> trials,
            int maxBatch,
            int pipelineDepth,
            LoopMetrics metrics) {
        this.around = around;
        this.scheduler = parts.scheduler();
        this.versions = parts.versions();
        this.directory = parts.directory();
        this.writer = parts.writer();
        this.writeAhead = parts.writeAhead();
        this.rollout = parts.rollout();
        this.assembler = new BatchAssembler<>(versions, directory);
        this.emitter = emitter;
        this.answers = new GuardedMapping<>(mapping, emitter, metrics);
        this.trials = trials;
        this.pipelineDepth = pipelineDepth;
        this.limit = new BatchLimit(maxBatch);
        this.metrics = metrics;
        this.preparation = mapping.preparesAside()
                ? new Preparation<>(
                        around.preparers(), around.mailbox(), 2 * maxBatch, answers::prepare, this::prepared)
                : null;
    }

    // ---------------------------------------------------------------- records

    /** Takes a record in; when nothing more fits, waits on the mailbox until something does, which is the back-pressure. */
    public void offer(K key, IN value, long timestamp) throws InterruptedException {
        while (scheduler.isFull()) {
            dispatch();
            if (scheduler.isFull()) {
                around.mailbox().yield();
            }
        }
        restore(key, value, timestamp);
        dispatch();
    }

    /** Takes in a record that waited at the checkpoint. */
    public void restore(K key, IN value, long timestamp) {
        PendingRecord<K, IN> record = new PendingRecord<>(
                key, value, timestamp, watermarks.enter(), around.clock().nanos(), answers.bytes(value));
        scheduler.offer(record);
        if (preparation != null) {
            preparation.offer(record);
        }
    }

    private void prepared(PendingRecord<K, IN> record) {
        scheduler.prepared(record);
        dispatch();
    }

    /** Sends what is due. */
    public void dispatch() {
        if (inFlight == 0 && !held) {
            betweenBatches();
        }
        while (!held && !trials.isBroken() && !rollout.wantsBoundary() && inFlight < pipelineDepth && isDue()) {
            List<PendingRecord<K, IN>> records = take();
            if (records.isEmpty()) {
                break;
            }
            submit(records);
        }
        arm();
    }

    private List<PendingRecord<K, IN>> take() {
        int[] newKeys = {assembler.mostNewKeys()};
        return scheduler.take(limit.get(), key -> {
            if (!directory.isAvailable(key)) {
                return false;
            }
            return newKeys[0] > 0 && (directory.isResident(key) || newKeys[0]-- > 0);
        });
    }

    private void betweenBatches() {
        if (rollout.wantsBoundary()) {
            swap();
        }
        if (versions.wantsRetirement(lastWatermark)) {
            versions.retire(lastWatermark);
        }
    }

    private void swap() {
        rollout.take((candidate, agreed) -> {
            trials.swapped(candidate.command(), versions.current().reference());
            versions.swap(agreed.generation(), candidate, agreed.watermark());
        });
    }

    private boolean isDue() {
        return flushing
                ? scheduler.readyKeys() > 0
                : scheduler.isDue(around.clock().nanos(), limit.get());
    }

    private void submit(List<PendingRecord<K, IN>> records) {
        List<PendingRecord<K, IN>> fit = new ArrayList<>(records.size());
        List<I> inputs = new ArrayList<>(records.size());
        for (PendingRecord<K, IN> record : records) {
            PendingRecord.Prepared prepared =
                    record.prepared() == null ? answers.prepare(record.value()) : record.prepared();
            if (prepared instanceof PendingRecord.Unfit unfit) {
                answers.giveUp(record, DeadLetterReason.INVALID_RECORD, unfit.message());
                leave(record);
            } else if (prepared instanceof PendingRecord.Input<?> input) {
                @SuppressWarnings("unchecked")
                I mine = (I) input.input();
                inputs.add(mine);
                fit.add(record);
            } else {
                // Nothing of the key is in flight or on its way out of a slot: the scheduler has seen to that.
                directory.end(record.key());
                answers.ended(record, versions.current().id());
                leave(record);
            }
        }
        if (preparation != null) {
            preparation.used(records.size());
        }
        if (!fit.isEmpty()) {
            for (Batch<K, IN, I, O> batch : assembler.assemble(fit, inputs, System.nanoTime())) {
                inFlight++;
                around.device()
                        .run(
                                batch::run,
                                result -> around.mailbox()
                                        .post(
                                                () -> complete(batch, result.get()),
                                                "a batch of "
                                                        + batch.deployment().id()));
            }
        }
        releaseWatermarks();
    }

    private void complete(Batch<K, IN, I, O> batch, Batch.Completion<O> completion) {
        inFlight--;
        if (completion.deviceFailure() != null) {
            giveBack(batch, completion);
            return;
        }
        assembler.complete(batch, completion);
        metrics.batch(batch, completion);
        adaptLimit(batch, completion);
        for (int i = 0; i < batch.records().size(); i++) {
            PendingRecord<K, IN> record = batch.records().get(i);
            answers.answer(
                    record, completion.outcomes().get(i), batch.deployment().id());
            leave(record);
        }
        releaseWatermarks();
        writeAhead();
        dispatch();
        publish();
    }

    private void publish() {
        long now = around.clock().nanos();
        if (now - published >= PUBLISH_NANOS) {
            published = now;
            metrics.publish(figures());
        }
    }

    private void adaptLimit(Batch<K, IN, I, O> batch, Batch.Completion<O> completion) {
        boolean changed = completion.outOfMemoryAt() == Integer.MAX_VALUE
                ? limit.wentWell(batch.records().size())
                : limit.ranOutOfMemory(completion.outOfMemoryAt());
        if (changed) {
            metrics.batchLimit(limit.get());
        }
    }

    /** No record is to blame: those of the batch stay, and the model goes back if it is young; otherwise the task fails. */
    private void giveBack(Batch<K, IN, I, O> batch, Batch.Completion<O> completion) {
        assembler.giveBack(batch, completion);
        scheduler.giveBack(batch.records());
        metrics.deviceFailure();
        if (flushing || batch.deployment() != versions.current() || !trials.isYoung()) {
            throw completion.deviceFailure();
        }
        trials.broken(batch.deployment(), completion.deviceFailure());
    }

    private void leave(PendingRecord<K, IN> record) {
        scheduler.complete(record.key());
        watermarks.leave(record.epoch());
    }

    private void arm() {
        OptionalLong due = scheduler.nextDueNanos();
        // What is due and yet not sent waits for a batch to come back, not for time: an alarm in the past would spin.
        if (due.isEmpty() || held || inFlight >= pipelineDepth || isDue()) {
            return;
        }
        long at = due.getAsLong();
        if (!alarmed || at - alarmedFor < 0) {
            alarmed = true;
            alarmedFor = at;
            around.alarm().after(Math.max(0, at - around.clock().nanos()), () -> {
                if (alarmedFor == at) {
                    alarmed = false;
                }
                dispatch();
            });
        }
    }

    /** GuardedMapping everything that waits; for the end of the input. */
    public void flush() throws InterruptedException {
        flushing = true;
        dispatch();
        while (scheduler.size() > 0) {
            if (trials.isBroken()) {
                throw new IllegalStateException("the model does not work, and the input is at its end");
            }
            around.mailbox().yield();
            dispatch();
        }
        flushing = false;
    }

    // ---------------------------------------------------------------- time

    /** A watermark comes in; it leaves when the records before it have. */
    public void watermark(long timestamp) {
        watermarks.watermark(timestamp);
        releaseWatermarks();
    }

    /** The input is idle, or active again. An active status has been passed on already. */
    public void idle(boolean isIdle) {
        idle = isIdle;
        releaseWatermarks();
    }

    private void releaseWatermarks() {
        watermarks.release(timestamp -> {
            lastWatermark = timestamp;
            emitter.watermark(timestamp);
        });
        // A watermark sent after the stream was declared idle would be dropped: idleness waits its turn as well.
        if (idle && scheduler.size() == 0) {
            idle = false;
            emitter.idle();
        }
    }

    /** The event time that has left. */
    public long lastWatermark() {
        return lastWatermark;
    }

    /**
     * A timer of a key fires at event time {@code time}.
     *
     * @return when to look again; empty when there is no need to
     */
    public OptionalLong expire(K key, long time) {
        return scheduler.holds(key) ? directory.again(time) : directory.expire(key, time);
    }

    // ---------------------------------------------------------------- checkpoints

    /** A barrier is about to pass: waits for what is in flight, and takes the model that all subtasks agree on. */
    public void beforeBarrier() throws InterruptedException {
        held = true;
        while (inFlight > 0) {
            around.mailbox().yield();
        }
        swap();
    }

    /**
     * Writes every state that is newer than its durable copy.
     *
     * @return states written
     */
    public int writeBack() {
        long start = System.nanoTime();
        int states = writer.writeBack();
        writeAhead.barrier(around.clock().nanos(), states, System.nanoTime() - start);
        metrics.writtenBack(states, System.nanoTime() - start);
        return states;
    }

    /** The checkpoint has been taken: batches go on. */
    public void afterBarrier() {
        held = false;
        around.mailbox().post(this::dispatch, "go on after a checkpoint");
    }

    /** Shortly before a checkpoint is due, starts to write some of the states that it would have to write. */
    private void writeAhead() {
        if (held || writer.isWriting()) {
            return;
        }
        WriteAheadPolicy.Action action =
                writeAhead.next(writer.dirty(), around.clock().nanos());
        if (action == WriteAheadPolicy.Action.NOTHING) {
            return;
        }
        if (action == WriteAheadPolicy.Action.BEGIN) {
            writer.beginWriteAhead();
        }
        long start = System.nanoTime();
        boolean begun = writer.writeAhead(states -> {
            writeAhead.wrote(states, System.nanoTime() - start);
            metrics.writtenAhead(states);
            writeAhead();
            dispatch();
        });
        if (!begun) {
            writeAhead.wrote(0, System.nanoTime() - start);
        }
    }

    // ---------------------------------------------------------------- what others look at

    /** The current figures, for metrics. */
    public LoopMetrics.Figures figures() {
        return new LoopMetrics.Figures(
                inFlight,
                scheduler.size(),
                scheduler.bytes(),
                scheduler.readyKeys(),
                directory.resident(),
                directory.residentBytes(),
                directory.counts(),
                versions.current().id().toString(),
                versions.current().generation(),
                versions.draining().size());
    }
}
