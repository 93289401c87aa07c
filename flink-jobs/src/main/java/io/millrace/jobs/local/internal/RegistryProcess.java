package io.millrace.jobs.local.internal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;

/**
 * Runs the registry server's own main class in a process that ends when the one that started it does: it holds the
 * other end of standard input, which closes however that process dies. Uses nothing outside the JDK, since the class
 * path is the server's.
 */
public final class RegistryProcess {
    private RegistryProcess() {}

    /** Takes the name of the server's main class. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(RegistryProcess::awaitParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException e) {
            e.getCause().printStackTrace();
            System.exit(1);
        }
    }

    private static void awaitParent() {
        try {
            while (System.in.read() >= 0) {
                // nothing is said on this line; its end is the message
            }
        } catch (IOException e) {
            // as good as its end
        }
        Runtime.getRuntime().halt(0);
    }
}
