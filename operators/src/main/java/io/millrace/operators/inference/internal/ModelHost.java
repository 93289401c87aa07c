package io.millrace.operators.inference.internal;

import ai.djl.Device;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.torch.Devices;
import io.millrace.operators.inference.CacheTransition;
import io.millrace.operators.inference.InferenceSettings;
import io.millrace.operators.inference.ModelLoader;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;
import io.millrace.operators.inference.RolloutSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings models onto the device, tried and with room for states: those that serve when an operator opens, and candidates of
 * orders.
 *
 * @param <K> key
 * @param <I> model input
 * @param <O> model output
 */
public final class ModelHost<K, I, O> {

    private static final Logger LOG = LoggerFactory.getLogger(ModelHost.class);

    private final InferenceSettings settings;
    private final ModelLoader<I, O> loader;
    private volatile Versions<K, I, O> versions;

    /** Loads models by {@code loader}, for the stage and device of the settings. */
    public ModelHost(InferenceSettings settings, ModelLoader<I, O> loader) {
        this.settings = settings;
        this.loader = loader;
    }

    /**
     * Loads what serves after a start or restore; states of another layout are not read. A model that only drained and does not
     * load is left out.
     *
     * @throws Exception if what serves does not load, with the remedy
     */
    public Versions<K, I, O> open(Restoration restoration) throws Exception {
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
        versions = opened;
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
        StreamingModel<I, O> model = loader.load(reference, device);
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

    /**
     * Loads what an order asks for, with room for states; off the task thread.
     *
     * @throws Exception if it does not load, or the order wants to go on with states that it does not fit
     */
    public Candidate<I, O> candidate(RolloutCommand command) throws Exception {
        StreamingModel<I, O> model = load(command.model());
        if (command.cachePolicy() != CacheTransition.MIGRATE) {
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
}
