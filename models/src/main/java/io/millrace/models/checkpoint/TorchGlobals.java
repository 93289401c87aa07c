package io.millrace.models.checkpoint;

import java.util.Arrays;

import net.razorvine.pickle.IObjectConstructor;

/** The Python names that a state dictionary may use. Nothing of Python runs: each makes a plain description. */
final class TorchGlobals {

    /** The class of a storage, which appears in a persistent id only. */
    record StorageClass(StorageType type) implements IObjectConstructor {
        @Override
        public Object construct(Object[] arguments) {
            throw new TorchPickle.RefusedException("a storage made without its bytes");
        }
    }

    private TorchGlobals() {}

    /**
     * What a name stands for.
     *
     * @throws IllegalArgumentException if the name is none of these
     */
    static IObjectConstructor find(String module, String name) {
        String global = module + "." + name;
        return switch (global) {
            case "torch._utils._rebuild_tensor_v2" -> TorchGlobals::tensor;
            case "torch._utils._rebuild_parameter" -> TorchGlobals::parameter;
            case "collections.OrderedDict" -> TorchGlobals::dictionary;
            default ->
                StorageType.ofClass(module.equals("torch") ? name : "")
                        .<IObjectConstructor>map(StorageClass::new)
                        .orElseThrow(() -> new TorchPickle.RefusedException(
                                "it names " + global + ", which does not belong into a state dictionary"));
        };
    }

    /** {@code (storage, offset, size, stride, requires_grad, backward_hooks[, metadata])}. */
    private static Object tensor(Object[] arguments) {
        if (arguments.length < 4 || !(arguments[0] instanceof TensorView.Storage storage)) {
            throw new TorchPickle.RefusedException("a tensor without a storage");
        }
        return new TensorView(storage, number(arguments[1]), numbers(arguments[2]), numbers(arguments[3]));
    }

    /** {@code (tensor, requires_grad, backward_hooks)}. */
    private static Object parameter(Object[] arguments) {
        if (arguments.length < 1 || !(arguments[0] instanceof TensorView)) {
            throw new TorchPickle.RefusedException("a parameter without a tensor");
        }
        return arguments[0];
    }

    private static Object dictionary(Object[] arguments) {
        if (arguments.length != 0) {
            throw new TorchPickle.RefusedException("an OrderedDict made from a list of pairs");
        }
        return new StateDictionary();
    }

    private static long[] numbers(Object tuple) {
        return Arrays.stream((Object[]) tuple).mapToLong(TorchGlobals::number).toArray();
    }

    private static long number(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new TorchPickle.RefusedException("a size that is no number");
    }
}
