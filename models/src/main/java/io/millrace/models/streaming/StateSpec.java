package io.millrace.models.streaming;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import org.apiguardian.api.API;

/**
 * The state that a network keeps for each key: named tensors. A new key starts with zeros.
 *
 * @param tensors the tensors, in the order by which {@link StateBatch} numbers them
 * @param layout whatever else decides what the numbers mean, in words: states of equal tensors and another layout do not
 *     fit each other; empty where the tensors say it all
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record StateSpec(List<TensorSpec> tensors, String layout) {

    /** The state of a network that keeps none. */
    public static final StateSpec STATELESS = new StateSpec(List.of());

    private static final int FINGERPRINT_BYTES = 8;

    public StateSpec {
        tensors = List.copyOf(tensors);
        Set<String> names = new HashSet<>();
        for (TensorSpec tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two state tensors are called " + tensor.name());
            }
        }
    }

    /** A state whose tensors say all there is to say. */
    public StateSpec(List<TensorSpec> tensors) {
        this(tensors, "");
    }

    public boolean isStateless() {
        return tensors.isEmpty();
    }

    /** Bytes of state that one key takes. */
    public long bytesPerKey() {
        return tensors.stream().mapToLong(TensorSpec::bytes).sum();
    }

    /**
     * Sixteen hexadecimal digits that stand for names, types, shapes and layout: a stored state is read only where they are
     * the same.
     */
    public String fingerprint() {
        StringBuilder text = new StringBuilder(layout).append('\n');
        for (TensorSpec tensor : tensors) {
            text.append(tensor.name())
                    .append(' ')
                    .append(tensor.type().name())
                    .append(' ')
                    .append(List.of(java.util.Arrays.stream(tensor.shape().getShape())
                            .boxed()
                            .toArray()))
                    .append('\n');
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
