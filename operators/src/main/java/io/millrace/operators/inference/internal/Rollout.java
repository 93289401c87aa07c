package io.millrace.operators.inference.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

import ai.djl.Device;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.ModelLoader;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new versions up beside the serving one. An order is loaded in the background; when it is ready the owner takes
 * it at a moment of its choice. An order that fails changes nothing. A later order overtakes one still loading.
 *
 * @param <I> model input
 * @param <O> model output
 */
public final class Rollout<I, O> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    private record Ready<I, O>(RolloutCommand command, StreamingModel<I, O> model) {}

    private final String stage;
    private final ModelLoader<I, O> loader;
    private final Device device;
    private final ExecutorService background;
    private RolloutCommand wanted;
    private Ready<I, O> ready;
    private String releaseId = "";
    private String lastFailure = "";
    private long swaps;
    private long failures;
    private boolean closed;

    public Rollout(String stage, ModelLoader<I, O> loader, Device device) {
        this.stage = stage;
        this.loader = loader;
        this.device = device;
        this.background = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "model loader " + stage);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Loads a model at once, on the calling thread. */
    public StreamingModel<I, O> load(ModelReference reference) throws Exception {
        StreamingModel<I, O> model = loader.load(reference, device);
        if (!model.id().equals(reference.id())) {
            String found = model.id().toString();
            model.close();
            throw new IllegalArgumentException(reference.location() + " holds " + found + ", not " + reference.id());
        }
        return model;
    }

    /**
     * Starts on an order, unless it is the one that serves or the one under way.
     *
     * @param command the order
     * @param serving what serves now
     * @param whenReady called from another thread when the new version can be taken
     */
    public synchronized void begin(RolloutCommand command, ModelReference serving, Runnable whenReady) {
        boolean known = command.releaseId().equals(releaseId)
                || wanted != null && command.releaseId().equals(wanted.releaseId());
        if (known || closed) {
            return;
        }
        if (command.model().equals(serving)) {
            releaseId = command.releaseId();
            return;
        }
        wanted = command;
        background.execute(() -> bringUp(command, whenReady));
    }

    private void bringUp(RolloutCommand command, Runnable whenReady) {
        StreamingModel<I, O> model;
        try {
            model = load(command.model());
        } catch (Exception | LinkageError failure) {
            fail(command, failure);
            return;
        }
        synchronized (this) {
            if (closed || wanted != command) {
                model.close();
                return;
            }
            discardReady();
            ready = new Ready<>(command, model);
        }
        whenReady.run();
    }

    private synchronized void fail(RolloutCommand command, Throwable failure) {
        failures++;
        lastFailure = command.model().id() + ": " + failure.getMessage();
        if (wanted == command) {
            wanted = null;
        }
        LOG.error(
                "stage {}: {} does not load, {} goes on as it was",
                stage,
                command.model().id(),
                stage,
                failure);
    }

    /** Notes an order that cannot be carried out. */
    public synchronized void refuse(String why) {
        failures++;
        lastFailure = why;
        LOG.error("stage {}: {}", stage, why);
    }

    /** Whether a new version waits to be taken. */
    public synchronized boolean isReady() {
        return ready != null;
    }

    /** Takes the new version, if there is one; if {@code swap} throws, the order has failed and nothing has changed. */
    public synchronized void takeReady(BiConsumer<RolloutCommand, StreamingModel<I, O>> swap) {
        if (ready == null) {
            return;
        }
        Ready<I, O> taken = ready;
        ready = null;
        wanted = null;
        try {
            swap.accept(taken.command(), taken.model());
            releaseId = taken.command().releaseId();
            swaps++;
            LOG.info(
                    "stage {}: {} serves from now on",
                    stage,
                    taken.command().model().id());
        } catch (RuntimeException failure) {
            taken.model().close();
            fail(taken.command(), failure);
        }
    }

    /** After a restore: the order that brought the serving version. */
    public synchronized void restore(String servingReleaseId) {
        releaseId = servingReleaseId;
    }

    /** The order that brought the serving version; empty for the initial one. */
    public synchronized String releaseId() {
        return releaseId;
    }

    /** Versions swapped in so far. */
    public synchronized long swaps() {
        return swaps;
    }

    /** Orders that failed so far. */
    public synchronized long failures() {
        return failures;
    }

    /** Why the last order failed; empty if none has. */
    public synchronized String lastFailure() {
        return lastFailure;
    }

    private void discardReady() {
        if (ready != null) {
            ready.model().close();
            ready = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        background.shutdownNow();
        discardReady();
    }
}
