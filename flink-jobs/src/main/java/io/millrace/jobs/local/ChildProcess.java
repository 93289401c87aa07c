package io.millrace.jobs.local;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs a main class in a process that ends when the one that started it does: it holds the other end of standard input,
 * which closes however that process dies. Uses nothing outside the JDK, since the class path may be another server's.
 */
public final class ChildProcess {
    private ChildProcess() {}

    /** Takes the name of the main class and its arguments. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(ChildProcess::awaitParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(arguments, 1, arguments.length));
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
