package io.millrace.jobs.lifecycle;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes SIGINT (Ctrl-C), SIGTERM and SIGHUP so that the process does not begin to end: what parts of Flink do at its end,
 * each for itself, would spoil a savepoint. The second one ends it at once. A signal that the process was started to
 * ignore stays ignored.
 */
public final class StopSignals implements AutoCloseable {
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final List<Runnable> before = new ArrayList<>();

    private StopSignals() {}

    /** Takes the signals from now on. */
    public static StopSignals take() {
        StopSignals signals = new StopSignals();
        NUMBERS.keySet().forEach(signals::take);
        return signals;
    }

    /** Signals are outside the supported interface of Java, and the compiler says so without a way to silence it. */
    private void take(String name) {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object signal = signals.getConstructor(String.class).newInstance(name);
            Object handler = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(),
                    new Class<?>[] {handlers},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "handle" -> received(name);
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> "stop on SIG" + name;
                    });
            var handle = signals.getMethod("handle", signals, handlers);
            Object previous = handle.invoke(null, signal, handler);
            before.add(() -> {
                try {
                    handle.invoke(null, signal, previous);
                } catch (ReflectiveOperationException gone) {
                    throw new IllegalStateException("SIG" + name + " cannot be given back", gone);
                }
            });
        } catch (ReflectiveOperationException none) {
            // a virtual machine without signals, or started to leave this one alone: it ends as it always does
        }
    }

    private Void received(String name) {
        if (asked.getCount() == 0) {
            Runtime.getRuntime().halt(128 + NUMBERS.get(name));
        }
        asked.countDown();
        return null;
    }

    /** Whether one has come. */
    public boolean asked() {
        return asked.getCount() == 0;
    }

    /** Waits for one for so long; tells whether it has come. */
    public boolean await(long millis) throws InterruptedException {
        return asked.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Leaves the signals to what took them before. */
    @Override
    public void close() {
        before.forEach(Runnable::run);
    }
}
