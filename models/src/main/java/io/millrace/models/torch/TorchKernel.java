package io.millrace.models.torch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

/**
 * A few lines of TorchScript text compiled by the engine into something callable: operations that the array interface
 * lacks, or a chain of small operations in one native call.
 *
 * <p>The text is one or more methods of a module, as libtorch stores them: {@code def name(self, a: Tensor, w:
 * List[Tensor]) -> Tensor:} followed by indented lines, operations under {@code torch.}. There is no Python at run
 * time: libtorch itself compiles the text.
 *
 * <p>Threads: a kernel keeps no state of its own, so {@link #call} may run on several threads at once as long as they
 * do not write the same arrays. {@link #close()} must not overlap a call.
 */
public final class TorchKernel implements AutoCloseable {

    private final NDManager owner;
    private final PtSymbolBlock module;
    private final PtNDArray marker;
    private final String name;

    private TorchKernel(String name, NDManager owner, PtSymbolBlock module) {
        this.name = name;
        this.owner = owner;
        this.module = module;
        this.marker = (PtNDArray) owner.create(0f);
    }

    /**
     * Compiles a module.
     *
     * @param name name of the module's class, an identifier; shown in errors
     * @param methods the methods' text, not indented
     * @param device device that constants made inside live on
     * @return the kernel, to be closed by the caller
     * @throws IllegalArgumentException if libtorch does not accept the text; the message carries its reason
     */
    public static TorchKernel compile(String name, String methods, Device device) {
        return compile(new TorchScriptArchive(name, methods), device);
    }

    /** Compiles a module together with other classes that it names; see {@link TorchScriptArchive}. */
    public static TorchKernel compile(TorchScriptArchive archive, Device device) {
        EngineCheck.requireUsable();
        NDManager owner = NDManager.newBaseManager(device, "PyTorch");
        try {
            PtSymbolBlock module = JniUtils.loadModule(
                    (PtNDManager) owner, new ByteArrayInputStream(archive.bytes()), device.isGpu(), false);
            return new TorchKernel(archive.name(), owner, module);
        } catch (IOException | RuntimeException e) {
            owner.close();
            throw new IllegalArgumentException(
                    "TorchScript " + archive.name() + " does not compile: " + e.getMessage(), e);
        }
    }

    /**
     * Runs a method without a gradient.
     *
     * @param manager manager that the results belong to
     * @param method name of the method
     * @param arguments an {@link NDArray} for a Tensor, an {@link NDList} for a List[Tensor], an {@link IValue} made
     *     before (stays open), a {@link Long}, {@link Double} or {@link Boolean}
     * @return the tensor, or the tensors of the tuple or list, that the method returns
     */
    public NDList call(NDManager manager, String method, Object... arguments) {
        IValue[] values = toValues(arguments);
        try (IValue result = IValueUtils.runMethod(module, method, values)) {
            return result.toNDList((PtNDManager) manager);
        } finally {
            close(arguments, values);
        }
    }

    /** Runs a method for its effect on its arguments; it returns an int, which costs least. */
    public void run(String method, Object... arguments) {
        IValue[] values = toValues(arguments);
        try {
            IValueUtils.runMethod(module, method, values).close();
        } finally {
            close(arguments, values);
        }
    }

    /**
     * Runs a method so that gradients flow to its arguments.
     *
     * @param method name of the method
     * @param arguments {@link NDArray} for a Tensor and {@link NDList} for a List[Tensor], at least one; results belong
     *     to the manager of the first array
     * @return the tensors that the method returns
     */
    public NDList callWithGradient(String method, Object... arguments) {
        NDList views = new NDList();
        try {
            int lists = 0;
            for (Object argument : arguments) {
                if (argument instanceof NDArray) {
                    views.add(view((NDArray) argument, null));
                } else {
                    String list = "list" + lists++ + "[]";
                    ((NDList) argument).forEach(array -> views.add(view(array, list)));
                }
            }
            views.add(view(marker, "module_method:" + method));
            return IValueUtils.forward(module, views, true);
        } finally {
            views.close();
        }
    }

    /** The engine reads a list's members and the method from names; views bear them, so that no argument changes. */
    private static NDArray view(NDArray array, String name) {
        NDArray view = array.reshape(array.getShape());
        view.setName(name);
        return view;
    }

    /** Packs arrays once, for a list argument that is the same in every call; the caller closes it. */
    public static IValue pack(NDList arrays) {
        return IValue.listFrom(arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    }

    private IValue[] toValues(Object[] arguments) {
        IValue[] values = new IValue[arguments.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = toValue(arguments[i]);
            }
            return values;
        } catch (RuntimeException e) {
            close(arguments, values);
            throw e;
        }
    }

    private static void close(Object[] arguments, IValue[] values) {
        for (int i = 0; i < arguments.length; i++) {
            if (values[i] != null && !(arguments[i] instanceof IValue)) {
                values[i].close();
            }
        }
    }

    private IValue toValue(Object argument) {
        if (argument instanceof NDArray) {
            return IValue.from((PtNDArray) argument);
        }
        if (argument instanceof NDList) {
            return pack((NDList) argument);
        }
        if (argument instanceof IValue) {
            return (IValue) argument;
        }
        if (argument instanceof Long || argument instanceof Integer) {
            return IValue.from(((Number) argument).longValue());
        }
        if (argument instanceof Double || argument instanceof Float) {
            return IValue.from(((Number) argument).doubleValue());
        }
        if (argument instanceof Boolean) {
            return IValue.from((boolean) argument);
        }
        throw new IllegalArgumentException(name + " takes no " + (argument == null ? "null" : argument.getClass()));
    }

    /** Names of the methods, for errors and tests. */
    public String methods() {
        return Arrays.toString(JniUtils.getMethodNames(module));
    }

    @Override
    public void close() {
        module.close();
        owner.close();
    }
}
