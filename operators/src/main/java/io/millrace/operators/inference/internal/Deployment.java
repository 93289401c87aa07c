package io.millrace.operators.inference.internal;

import java.util.Set;
import java.util.TreeSet;

import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.ModelReference;

/**
 * A generation that serves: a model and the states of its keys. Every change of the serving model is a new generation, a
 * return to an earlier model as well, so that no state is taken for one of another time.
 *
 * @param <K> key type
 * @param <I> model input
 * @param <O> model output
 */
public final class Deployment<K, I, O> implements AutoCloseable {

    private final long generation;
    private final String orderId;
    private final ModelReference reference;
    private final DeviceModel<I, O> model;
    private final SlotTable<K> slots;
    private final Set<Long> accepted = new TreeSet<>();
    private final CacheEntry.Origin origin;

    /**
     * Serves a model.
     *
     * @param generation number of the generation
     * @param orderId the order that brought it, or empty where the configuration did
     * @param reference what serves
     * @param model it, on its device with empty slots
     * @param slots number of slots
     */
    public Deployment(long generation, String orderId, ModelReference reference, DeviceModel<I, O> model, int slots) {
        this(generation, orderId, reference, model, new SlotTable<>(slots));
    }

    private Deployment(
            long generation, String orderId, ModelReference reference, DeviceModel<I, O> model, SlotTable<K> slots) {
        this.generation = generation;
        this.orderId = orderId;
        this.reference = reference;
        this.model = model;
        this.slots = slots;
        this.origin = new CacheEntry.Origin(
                reference.name(),
                reference.version(),
                reference.sha256(),
                model.stateSpec().fingerprint());
        accepted.add(generation);
    }

    /**
     * Serves {@code next} with the states of this deployment as they are; this one's model is closed.
     *
     * @throws IllegalArgumentException if the two keep different states; nothing has changed then
     */
    public Deployment<K, I, O> migrate(
            long nextGeneration, String nextOrder, ModelReference nextReference, StreamingModel<I, O> next) {
        Deployment<K, I, O> successor =
                new Deployment<>(nextGeneration, nextOrder, nextReference, model.migrate(next), slots);
        successor.accepted.addAll(accepted);
        slots.forgetStored();
        return successor;
    }

    public long generation() {
        return generation;
    }

    /** The order that brought it; empty where the configuration did. */
    public String orderId() {
        return orderId;
    }

    public ModelReference reference() {
        return reference;
    }

    public ModelId id() {
        return reference.id();
    }

    public DeviceModel<I, O> model() {
        return model;
    }

    public StateSpec stateSpec() {
        return model.stateSpec();
    }

    public boolean isStateless() {
        return model.stateSpec().isStateless();
    }

    public SlotTable<K> slots() {
        return slots;
    }

    /** What a state of this deployment is marked with. */
    public CacheEntry.Origin origin() {
        return origin;
    }

    /** Generations whose durable states this deployment goes on with. */
    public Set<Long> accepted() {
        return accepted;
    }

    /** Whether a durable state is one that this deployment goes on with: of a generation it accepts, and of its layout. */
    public boolean accepts(StoredState state) {
        return accepted.contains(state.generation()) && state.origin().layout().equals(origin.layout());
    }

    @Override
    public void close() {
        model.close();
    }
}
