package io.millrace.models.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/** A Python dictionary with texts as keys: nothing else needs hashing, so that no key can make that dear. */
final class StateDictionary {

    private final Map<String, Object> items = new LinkedHashMap<>();

    void put(Object key, Object value) {
        if (key instanceof String name) {
            items.put(name, value);
        } else {
            throw new TorchPickle.RefusedException("a dictionary's key that is no text");
        }
    }

    /**
     * The items as tensors, in the order in which they were put.
     *
     * @throws IllegalArgumentException naming an item that is none
     */
    Map<String, TensorView> tensors() {
        Map<String, TensorView> tensors = new LinkedHashMap<>();
        items.forEach((name, value) -> {
            if (value instanceof TensorView tensor) {
                tensors.put(name, tensor);
            } else {
                throw new IllegalArgumentException("item " + name + " of the state dictionary is no tensor");
            }
        });
        return tensors;
    }
}
