package io.millrace.models.torch;

import java.nio.file.Path;

/**
 * Settings of the engine that must stand before it is loaded: threads, graph optimiser, folder that the native libraries
 * are unpacked to, no downloads.
 *
 * @param intraOpThreads threads of one operation; cores divided by the subtasks of the process
 * @param interOpThreads threads over independent operations; 1 serves
 * @param cache folder for the unpacked native libraries, or null for {@code .djl.ai} in the user's home
 */
public record EngineSettings(int intraOpThreads, int interOpThreads, Path cache) {

    public EngineSettings {
        if (intraOpThreads < 1 || interOpThreads < 1) {
            throw new IllegalArgumentException(
                    "engine threads must be at least 1, got " + intraOpThreads + " and " + interOpThreads);
        }
    }

    /** One thread each: what a subtask of a streaming job wants. */
    public static EngineSettings singleThreaded() {
        return new EngineSettings(1, 1, null);
    }

    /** Sets the system properties that the engine reads when it loads; properties that stand already are kept. */
    public void apply() {
        keepOrSet("ai.djl.offline", "true");
        keepOrSet("ai.djl.pytorch.num_threads", Integer.toString(intraOpThreads));
        keepOrSet("ai.djl.pytorch.num_interop_threads", Integer.toString(interOpThreads));
        keepOrSet("ai.djl.pytorch.graph_optimizer", "false");
        keepOrSet("PYTORCH_FLAVOR", System.getenv("PYTORCH_LIBRARY_PATH") == null ? "cpu" : "");
        if (cache != null) {
            keepOrSet("ENGINE_CACHE_DIR", cache.toAbsolutePath().toString());
        }
    }

    private static void keepOrSet(String key, String value) {
        if (System.getProperty(key) == null && System.getenv(key) == null && !value.isEmpty()) {
            System.setProperty(key, value);
        }
    }
}
