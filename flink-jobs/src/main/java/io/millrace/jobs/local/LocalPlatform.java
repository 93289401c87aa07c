package io.millrace.jobs.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Broker and registry together, started side by side.
 *
 * @param broker the broker
 * @param registry the schema registry
 */
public record LocalPlatform(LocalBroker broker, LocalRegistry registry) implements AutoCloseable {

    /**
     * Starts both at once and waits for both.
     *
     * @param brokerPort port of the broker, 0 for a free one
     * @param registryPort port of the registry, 0 for a free one
     * @throws IllegalStateException if one does not come up; the other is stopped again
     */
    public static LocalPlatform start(int brokerPort, int registryPort) {
        CompletableFuture<LocalRegistry> registry =
                CompletableFuture.supplyAsync(() -> LocalRegistry.start(registryPort), task -> {
                    Thread thread = new Thread(task, "registry-start");
                    thread.setDaemon(true);
                    thread.start();
                });
        LocalBroker broker;
        try {
            broker = LocalBroker.start(brokerPort);
        } catch (RuntimeException e) {
            registry.thenAccept(LocalRegistry::close);
            throw e;
        }
        try {
            return new LocalPlatform(broker, registry.join());
        } catch (CompletionException e) {
            broker.close();
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        try (broker) {
            registry.close();
        }
    }
}
