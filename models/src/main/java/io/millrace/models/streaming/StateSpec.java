package io.millrace.models.streaming;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The state that a network keeps for each key: named tensors. A new key starts with zeros.
 *
 * @param tensors the tensors, in the order by which {@link StateBatch} numbers them
 */
public record StateSpec(List<TensorSpec> tensors) {

    /** The state of a network that keeps none. */
    public static final StateSpec STATELESS = new StateSpec(List.of());

    public StateSpec {
        tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>();
        for (TensorSpec tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two state tensors are called " + tensor.name());
            }
        }
    }

    public boolean isStateless() {
        return tensors.isEmpty();
    }

    /** Bytes of state that one key takes. */
    public long bytesPerKey() {
        return tensors.stream().mapToLong(TensorSpec::bytes).sum();
    }
}
