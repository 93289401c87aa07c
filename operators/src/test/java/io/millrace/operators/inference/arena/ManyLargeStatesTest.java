package io.millrace.operators.inference.arena;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** States of 5 MB of 64 keys, in a process that may use no more than 64 MB outside its heap. */
class ManyLargeStatesTest {

    private static final int KEYS = 64;
    private static final StateSpec SPEC =
            new StateSpec(List.of(new TensorSpec("ring", DataType.FLOAT32, new Shape(1280, 1024))));

    /** What the process does. */
    public static final class Main {
        private Main() {}

        /** Loads new keys, loads stored ones and reads all of them at once. */
        public static void main(String[] arguments) {
            byte[] stored = new byte[Math.toIntExact(SPEC.bytesPerKey())];
            stored[stored.length - 1] = 77;
            try (StateArena arena = new StateArena(SPEC, KEYS, Device.cpu())) {
                List<ArenaLoad> fresh = new ArrayList<>();
                List<ArenaLoad> known = new ArrayList<>();
                int[] all = new int[KEYS];
                for (int slot = 0; slot < KEYS; slot++) {
                    all[slot] = slot;
                    fresh.add(new ArenaLoad(slot, null));
                    known.add(new ArenaLoad(slot, stored));
                }
                arena.load(fresh);
                arena.load(known);
                for (byte[] state : arena.read(all)) {
                    if (state[stored.length - 1] != 77) {
                        throw new IllegalStateException("a state came back as another");
                    }
                }
            }
            System.out.println("done");
        }
    }

    @Test
    void comeAndGoWithoutAPeakOfDirectMemory() throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:MaxDirectMemorySize=64m",
                        "-Xmx700m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("done");
        assertThat(process.exitValue()).isZero();
    }
}
