package io.millrace.operators.inference;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.apiguardian.api.API;

/**
 * Models of this process whose weights several subtasks share. The last instance to close frees the weights, see {@link
 * io.millrace.models.streaming.SharedUse}; the next one to ask has them loaded again.
 *
 * @param <K> what tells models apart: a digest of everything they are made of, their device, their settings
 * @param <M> model
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SharedModels<K, M> {

    private final Map<K, M> models = new HashMap<>();

    /**
     * An instance of a model. Only one thread at a time gets or makes one, so there is never a second copy of weights.
     *
     * @param key which model
     * @param share makes another instance over the same weights, or throws {@link IllegalStateException} if they are gone
     * @param make loads the model
     */
    public synchronized M get(K key, UnaryOperator<M> share, Supplier<M> make) {
        M known = models.get(key);
        if (known != null) {
            try {
                return share.apply(known);
            } catch (IllegalStateException closed) {
                models.remove(key);
            }
        }
        M made = make.get();
        models.put(key, made);
        return made;
    }
}
