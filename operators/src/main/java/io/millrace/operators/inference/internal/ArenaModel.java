package io.millrace.operators.inference.internal;

import java.util.List;
import java.util.function.Predicate;

import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.arena.ArenaLoad;
import io.millrace.operators.inference.arena.ArenaStates;
import io.millrace.operators.inference.arena.StateArena;
import io.millrace.operators.inference.arena.StateCopy;

/**
 * A model with the states of its keys in a {@link StateArena}.
 *
 * @param <I> model input
 * @param <O> model output
 */
public final class ArenaModel<I, O> implements DeviceModel<I, O> {

    private record FetchedStates(ArenaStates states) implements Fetched {
        @Override
        public void close() {
            states.close();
        }
    }

    private final StreamingModel<I, O> model;
    private final StateArena arena;

    private ArenaModel(StreamingModel<I, O> model, StateArena arena) {
        this.model = model;
        this.arena = arena;
    }

    /**
     * Makes room for the states of {@code slots} keys beside a model, which is closed if there is none.
     *
     * @throws RuntimeException if the device has no room
     */
    public static <I, O> DeviceModel<I, O> open(StreamingModel<I, O> model, int slots) {
        StateSpec spec = model.stateSpec();
        return new ArenaModel<>(model, spec.isStateless() ? null : new StateArena(spec, slots, model.device()));
    }

    @Override
    public ModelId id() {
        return model.id();
    }

    @Override
    public StateSpec stateSpec() {
        return model.stateSpec();
    }

    @Override
    public Fetched fetch(int[] slots) {
        return new FetchedStates(arena.fetch(slots));
    }

    @Override
    public List<O> step(List<I> inputs, int[] slots, Fetched fetched, Predicate<List<O>> keep) {
        if (arena == null) {
            try (StatelessBatch none = new StatelessBatch(inputs.size(), model.device())) {
                return model.step(inputs, none);
            }
        }
        try (ArenaStates states = fetched == null ? arena.open(slots) : ((FetchedStates) fetched).states()) {
            List<O> outputs = model.step(inputs, states);
            if (keep.test(outputs)) {
                states.commit();
            }
            return outputs;
        }
    }

    @Override
    public void load(List<ArenaLoad> loads) {
        arena.load(loads);
    }

    @Override
    public List<byte[]> read(int[] slots) {
        return arena.read(slots);
    }

    @Override
    public List<StateCopy> save(int[] slots, boolean[] whole) {
        return arena.save(slots, whole);
    }

    @Override
    public void trial() {
        ModelTrial.run(model);
    }

    @Override
    public boolean isFinite(O output) {
        return model.isFinite(output);
    }

    @Override
    public DeviceModel<I, O> migrate(StreamingModel<I, O> next) {
        if (!next.stateSpec().equals(model.stateSpec())) {
            throw new IllegalArgumentException("states of " + model.id() + " do not fit " + next.id() + ": "
                    + model.stateSpec() + " against " + next.stateSpec());
        }
        model.close();
        return new ArenaModel<>(next, arena);
    }

    @Override
    public void close() {
        try {
            model.close();
        } finally {
            if (arena != null) {
                arena.close();
            }
        }
    }
}
