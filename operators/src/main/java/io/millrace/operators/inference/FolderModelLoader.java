package io.millrace.operators.inference;

import java.io.IOException;

import ai.djl.Device;
import io.millrace.models.card.ModelFolder;
import io.millrace.models.card.ModelKind;
import io.millrace.models.streaming.StreamingModel;
import org.apiguardian.api.API;

/**
 * Loads models of a kind from their folders (see {@link FetchedFolder}), or the one that ships. Subtasks of a process share
 * one copy of a model's weights; the last to close it frees it.
 *
 * @param <T> model as its folder holds it
 * @param <I> model input
 * @param <O> model output
 * @param <M> model as it is stepped
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract class FolderModelLoader<T, I, O, M extends StreamingModel<I, O>> implements ModelLoader<I, O> {

    /** Location of the model that ships. */
    public static final String SHIPPED = "default";

    private static final SharedModels<Key, StreamingModel<?, ?>> SHARED = new SharedModels<>();

    /** What tells models of a process apart. */
    private record Key(Class<?> kind, String digest, Device device, Object settings) {}

    /**
     * A model at a location.
     *
     * @param reference where it is, and which
     * @param digest what tells it from every other
     * @param model the model
     */
    public record Found<T>(ModelReference reference, String digest, T model) {}

    /**
     * Reads the model at a location.
     *
     * @param location model folder, or {@link #SHIPPED}
     * @throws IOException if there is none, or it cannot be read
     * @throws IllegalArgumentException if it is a model of another kind, or its files do not belong together
     */
    public static <T> Found<T> find(String location, ModelKind<T> kind) throws IOException {
        if (location.equals(SHIPPED)) {
            return found(location, kind.shippedFolder(), kind);
        }
        try (FetchedFolder fetched = FetchedFolder.open(location)) {
            return found(location, ModelFolder.read(fetched.path()), kind);
        }
    }

    private static <T> Found<T> found(String location, ModelFolder folder, ModelKind<T> kind) throws IOException {
        ModelReference reference = new ModelReference(
                folder.card().name(),
                folder.card().version(),
                location,
                folder.card().weightsSha256());
        return new Found<>(reference, folder.digest(), kind.read(folder));
    }

    /** Which models are loaded. */
    protected abstract ModelKind<T> kind();

    /**
     * Refuses a model that does not fit the job.
     *
     * @throws IllegalArgumentException saying why
     */
    protected abstract void check(ModelReference reference, T model);

    /** What, beside model and device, tells the models apart that {@link #open} makes. */
    protected Object settings() {
        return "";
    }

    /** Makes a model that can be stepped. */
    protected abstract M open(T model, Device device);

    /**
     * Another instance over the same weights.
     *
     * @throws IllegalStateException if all instances have been closed
     */
    protected abstract M share(M model);

    @Override
    public final M load(ModelReference reference, Device device) throws IOException {
        Found<T> found = find(reference.location(), kind());
        String sha256 = found.reference().sha256();
        if (!reference.sha256().isEmpty() && !reference.sha256().equalsIgnoreCase(sha256)) {
            throw new IllegalArgumentException("weights at " + reference.location() + " have SHA-256 " + sha256
                    + ", the order says " + reference.sha256());
        }
        check(found.reference(), found.model());
        return shared(new Key(getClass(), found.digest(), device, settings()), found.model(), device);
    }

    /** All models of a key were opened by this class, hence of its type. */
    @SuppressWarnings("unchecked")
    private M shared(Key key, T model, Device device) {
        return (M) SHARED.get(key, known -> share((M) known), () -> open(model, device));
    }
}
