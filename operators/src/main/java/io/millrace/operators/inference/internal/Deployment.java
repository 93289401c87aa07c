package io.millrace.operators.inference.internal;

import java.util.HashSet;
import java.util.Set;

import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.arena.StateArena;

/**
 * A model version that serves, with the arena of its keys' states.
 *
 * @param <K> key type
 * @param <I> model input
 * @param <O> model output
 */
public final class Deployment<K, I, O> implements AutoCloseable {

    private final ModelReference reference;
    private final StreamingModel<I, O> model;
    private final StateArena arena;
    private final SlotTable<K> slots;
    private final Set<String> acceptedVersions = new HashSet<>();

    /** Serves {@code model} with an arena of its own. */
    public Deployment(ModelReference reference, StreamingModel<I, O> model, int slots) {
        this(
                reference,
                model,
                model.stateSpec().isStateless() ? null : new StateArena(model.stateSpec(), slots, model.device()),
                new SlotTable<>(slots));
    }

    private Deployment(ModelReference reference, StreamingModel<I, O> model, StateArena arena, SlotTable<K> slots) {
        this.reference = reference;
        this.model = model;
        this.arena = arena;
        this.slots = slots;
        acceptedVersions.add(reference.version());
    }

    /**
     * Serves {@code next} with the states of this deployment as they are; this one's model is closed.
     *
     * @throws IllegalArgumentException if the two keep different states
     */
    public Deployment<K, I, O> migrate(ModelReference nextReference, StreamingModel<I, O> next) {
        if (!next.stateSpec().equals(model.stateSpec())) {
            throw new IllegalArgumentException("states of " + reference.id() + " do not fit " + nextReference.id()
                    + ": " + model.stateSpec() + " against " + next.stateSpec());
        }
        Deployment<K, I, O> successor = new Deployment<>(nextReference, next, arena, slots);
        successor.acceptedVersions.addAll(acceptedVersions);
        slots.forgetStored();
        model.close();
        return successor;
    }

    public ModelReference reference() {
        return reference;
    }

    public ModelId id() {
        return reference.id();
    }

    public StreamingModel<I, O> model() {
        return model;
    }

    public StateSpec stateSpec() {
        return model.stateSpec();
    }

    public boolean isStateless() {
        return arena == null;
    }

    public StateArena arena() {
        return arena;
    }

    public SlotTable<K> slots() {
        return slots;
    }

    /** Versions whose durable states this deployment goes on with. */
    public Set<String> acceptedVersions() {
        return acceptedVersions;
    }

    @Override
    public void close() {
        model.close();
        if (arena != null) {
            arena.close();
        }
    }
}
