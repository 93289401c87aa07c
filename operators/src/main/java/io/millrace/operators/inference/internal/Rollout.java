package io.millrace.operators.inference.internal;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new models up beside the serving one. An order is first recorded by a checkpoint, then loaded in the background;
 * when all subtasks have loaded it, all take it at one checkpoint. An order that fails is tried again, and then given up:
 * nothing has changed. A later order takes the place of one under way. A plain machine for the task thread: what happens
 * elsewhere comes back as mail.
 *
 * @param <I> model input
 * @param <O> model output
 */
public final class Rollout<I, O> implements AutoCloseable {

    /** Orders remembered, so that none is carried out twice. */
    private static final int MOST_KNOWN = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    /** Loads a model for an order; called off the task thread. */
    @FunctionalInterface
    public interface Loading<I, O> {
        Candidate<I, O> load(RolloutCommand command) throws Exception;
    }

    /** Tells the coordinator. */
    @FunctionalInterface
    public interface Link {
        void tell(RolloutMessage message);
    }

    /**
     * An order under way, as checkpoints keep it.
     *
     * @param command the order
     * @param attempts how often loading it was begun
     */
    public record UnderWay(RolloutCommand command, int attempts) {}

    private enum Phase {
        /** Waits for a checkpoint to record it. */
        NOTED,
        LOADING,
        /** Waits for the next attempt. */
        PAUSED,
        /** Waits for the other subtasks. */
        READY,
        /** All are ready: taken at the next checkpoint. */
        AGREED
    }

    private static final class Order<I, O> {
        private final RolloutCommand command;
        private int attempts;
        private Phase phase = Phase.NOTED;
        private long recordedBy = Long.MAX_VALUE;
        private Candidate<I, O> candidate;
        private RolloutMessage.Agreed agreed;

        private Order(RolloutCommand command, int attempts) {
            this.command = command;
            this.attempts = attempts;
        }
    }

    private final String stage;
    private final RolloutPolicy policy;
    private final Loading<I, O> loading;
    private final Executor background;
    private final Mailbox mailbox;
    private final Alarm alarm;
    private final Handover<I, O> handover = new Handover<>();
    private final Set<String> known = new LinkedHashSet<>();
    private Link link = message -> {};
    private Runnable onAgreed = () -> {};
    private LongSupplier nextGeneration = () -> 1;
    private LongSupplier watermark = () -> Long.MIN_VALUE;
    private Order<I, O> order;
    private volatile String lastFailure = "";
    private volatile long swaps;
    private volatile long failures;
    private volatile String state = "";

    /**
     * Nothing is under way yet.
     *
     * @param stage name of the stage, for the log
     * @param policy how orders are carried out
     * @param loading loads models
     * @param background where loading is done
     * @param mailbox of the task thread
     * @param alarm of the task thread
     */
    public Rollout(
            String stage,
            RolloutPolicy policy,
            Loading<I, O> loading,
            Executor background,
            Mailbox mailbox,
            Alarm alarm) {
        this.stage = stage;
        this.policy = policy;
        this.loading = loading;
        this.background = background;
        this.mailbox = mailbox;
        this.alarm = alarm;
    }

    /** Says what the other subtasks need to know, and whom to tell. */
    public void connect(
            Link coordinator, LongSupplier lowestNextGeneration, LongSupplier watermarkReached, Runnable whenAgreed) {
        link = coordinator;
        nextGeneration = lowestNextGeneration;
        watermark = watermarkReached;
        onAgreed = whenAgreed;
    }

    /** After a restore: orders seen before, and the one under way, or null. */
    public void restore(Collection<String> ordersKnown, UnderWay underWay) {
        ordersKnown.forEach(this::remember);
        if (underWay == null) {
            return;
        }
        order = new Order<>(underWay.command(), underWay.attempts());
        if (underWay.attempts() >= policy.attempts()) {
            giveUp("it was begun " + underWay.attempts() + " times and never came to its end");
        } else {
            load();
        }
    }

    /**
     * Starts on an order, unless it has been seen before. One under way is given up for it.
     *
     * @param command the order
     * @param serving what serves now
     */
    public void order(RolloutCommand command, ModelReference serving) {
        if (!remember(command.releaseId())) {
            return;
        }
        if (order != null) {
            LOG.warn(
                    "stage {}: order {} takes the place of order {}, which was not carried out",
                    stage,
                    command.releaseId(),
                    order.command.releaseId());
            discard();
        }
        if (command.model().equals(serving)) {
            LOG.warn("stage {}: {} serves already, as order {} asks", stage, serving.id(), command.releaseId());
            return;
        }
        order = new Order<>(command, 0);
        show();
        if (!policy.atCheckpoints()) {
            load();
        }
    }

    /** A young generation does not work: goes back, as an order that need not be recorded first. */
    public void goBack(RolloutCommand command) {
        discard();
        remember(command.releaseId());
        order = new Order<>(command, 0);
        load();
    }

    private boolean remember(String id) {
        if (!known.add(id)) {
            return false;
        }
        if (known.size() > MOST_KNOWN) {
            known.remove(known.iterator().next());
        }
        return true;
    }

    private void load() {
        Order<I, O> loaded = order;
        loaded.attempts++;
        loaded.phase = Phase.LOADING;
        show();
        background.execute(() -> {
            Candidate<I, O> candidate;
            try {
                candidate = loading.load(loaded.command);
            } catch (Throwable failure) {
                // An error as well: what a candidate lacks, memory or a class, is no harm to the model that serves.
                mailbox.post(() -> failed(loaded, failure), "a model does not load");
                return;
            }
            if (handover.put(candidate)) {
                mailbox.post(() -> loaded(loaded, candidate), "a model is loaded");
            }
        });
    }

    private void loaded(Order<I, O> loaded, Candidate<I, O> candidate) {
        if (!handover.take(candidate)) {
            return;
        }
        if (order != loaded) {
            candidate.close();
            return;
        }
        order.candidate = candidate;
        order.phase = Phase.READY;
        show();
        link.tell(new RolloutMessage.Ready(
                order.command.releaseId(), nextGeneration.getAsLong(), watermark.getAsLong(), policy.atCheckpoints()));
    }

    private void failed(Order<I, O> loaded, Throwable failure) {
        if (order != loaded) {
            return;
        }
        LOG.error(
                "stage {}: {} does not load (attempt {} of {}); what serves goes on",
                stage,
                order.command.model().id(),
                order.attempts,
                policy.attempts(),
                failure);
        if (order.attempts < policy.attempts()) {
            order.phase = Phase.PAUSED;
            lastFailure = describe(order.command, failure);
            show();
            alarm.after(policy.pause().toNanos(), () -> {
                if (order == loaded && loaded.phase == Phase.PAUSED) {
                    load();
                }
            });
        } else {
            giveUp(String.valueOf(failure.getMessage()));
        }
    }

    private static String describe(RolloutCommand command, Throwable failure) {
        return command.model().id() + ": " + failure.getMessage();
    }

    private void giveUp(String why) {
        String id = order.command.releaseId();
        fail(order.command.model().id() + ": " + why);
        discard();
        link.tell(new RolloutMessage.Failed(id, why));
    }

    private void fail(String why) {
        failures++;
        lastFailure = why;
    }

    /** Notes an order that cannot be carried out. */
    public void refuse(String why) {
        fail(why);
        LOG.error("stage {}: {}", stage, why);
    }

    /** What the coordinator says. */
    public void hear(RolloutMessage message) {
        if (message instanceof RolloutMessage.Agreed agreed
                && order != null
                && order.phase == Phase.READY
                && agreed.order().equals(order.command.releaseId())) {
            order.phase = Phase.AGREED;
            order.agreed = agreed;
            show();
            onAgreed.run();
        } else if (message instanceof RolloutMessage.Failed failed
                && order != null
                && failed.order().equals(order.command.releaseId())) {
            fail(order.command.model().id() + ": another subtask failed: " + failed.why());
            LOG.error(
                    "stage {}: order {} is given up, another subtask failed: {}", stage, failed.order(), failed.why());
            discard();
        }
    }

    /** A checkpoint keeps the order under way. */
    public void recording(long checkpoint) {
        if (order != null && order.phase == Phase.NOTED && order.recordedBy == Long.MAX_VALUE) {
            order.recordedBy = checkpoint;
        }
    }

    /** A checkpoint is complete: an order that it keeps may be tried. */
    public void recorded(long checkpoint) {
        if (order != null && order.phase == Phase.NOTED && order.recordedBy <= checkpoint) {
            load();
        }
    }

    /** Whether batches should end soon, so that a model can be taken. */
    public boolean wantsBoundary() {
        return !policy.atCheckpoints() && isAgreed();
    }

    /** Whether the next boundary swaps. */
    public boolean isAgreed() {
        return order != null && order.phase == Phase.AGREED;
    }

    /** Whether an order is under way. */
    public boolean isUnderWay() {
        return order != null;
    }

    /**
     * Takes the candidate that all agree on, if there is one. Nothing may be in flight.
     *
     * @param swap serves it; what it throws fails the task, and the candidate is closed
     */
    public void take(Swap<I, O> swap) {
        if (!isAgreed()) {
            return;
        }
        Order<I, O> taken = order;
        order = null;
        try {
            swap.serve(taken.candidate, taken.agreed);
        } catch (RuntimeException | Error failure) {
            taken.candidate.close();
            throw failure;
        }
        swaps++;
        show();
        LOG.warn(
                "stage {}: {} serves from now on, by order {}, as generation {}",
                stage,
                taken.command.model().id(),
                taken.command.releaseId(),
                taken.agreed.generation());
    }

    /** Serves a candidate. */
    @FunctionalInterface
    public interface Swap<I, O> {
        void serve(Candidate<I, O> candidate, RolloutMessage.Agreed agreed);
    }

    /** The order under way, for a checkpoint to keep; null if there is none. */
    public UnderWay underWay() {
        return order == null ? null : new UnderWay(order.command, order.attempts);
    }

    /** Orders seen, oldest first. */
    public List<String> known() {
        return List.copyOf(known);
    }

    /** Models swapped in so far. */
    public long swaps() {
        return swaps;
    }

    /** Orders that failed so far. */
    public long failures() {
        return failures;
    }

    /** Why the last order failed; empty if none has. */
    public String lastFailure() {
        return lastFailure;
    }

    /** The order under way and how far it is, for people; empty if there is none. */
    public String state() {
        return state;
    }

    private void show() {
        state = order == null ? "" : order.command.releaseId() + " " + order.phase;
    }

    private void discard() {
        if (order != null && order.candidate != null) {
            order.candidate.close();
        }
        order = null;
        show();
    }

    /** A candidate still on its way is closed where it is. */
    @Override
    public void close() {
        handover.close();
        discard();
    }

    /** Candidates between the loading thread and the task thread, so that none is forgotten when the task ends. */
    private static final class Handover<I, O> {
        private final Set<Candidate<I, O>> onTheWay = new LinkedHashSet<>();
        private boolean closed;

        private boolean put(Candidate<I, O> candidate) {
            synchronized (this) {
                if (!closed) {
                    onTheWay.add(candidate);
                    return true;
                }
            }
            candidate.close();
            return false;
        }

        private synchronized boolean take(Candidate<I, O> candidate) {
            return onTheWay.remove(candidate);
        }

        private void close() {
            Set<Candidate<I, O>> left;
            synchronized (this) {
                closed = true;
                left = Set.copyOf(onTheWay);
                onTheWay.clear();
            }
            left.forEach(Candidate::close);
        }
    }
}
