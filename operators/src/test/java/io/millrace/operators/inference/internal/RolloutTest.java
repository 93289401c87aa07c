package io.millrace.operators.inference.internal;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ai.djl.Device;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.CachePolicy;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RolloutTest {

    private static final ModelReference FIRST = new ModelReference("m", "1", "here", "");
    private final AtomicInteger open = new AtomicInteger();
    private final CountDownLatch ready = new CountDownLatch(1);

    private record Named(ModelId id, AtomicInteger open) implements StreamingModel<String, String> {
        @Override
        public Device device() {
            return Device.cpu();
        }

        @Override
        public StateSpec stateSpec() {
            return StateSpec.STATELESS;
        }

        @Override
        public List<String> step(List<String> inputs, StateBatch states) {
            return inputs;
        }

        @Override
        public boolean isFinite(String output) {
            return true;
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    private StreamingModel<String, String> load(ModelReference reference, Device device) {
        if (reference.location().equals("nowhere")) {
            throw new IllegalStateException("no such directory");
        }
        open.incrementAndGet();
        return new Named(reference.location().equals("other") ? new ModelId("other", "9") : reference.id(), open);
    }

    private Rollout<String, String> rollout() {
        return new Rollout<>("stage", this::load, Device.cpu());
    }

    private static RolloutCommand order(String id, String version, String location) {
        return new RolloutCommand(id, new ModelReference("m", version, location, ""), CachePolicy.RESET);
    }

    @Test
    void anOrderIsLoadedBesideAndTakenOnce() throws Exception {
        try (Rollout<String, String> rollout = rollout()) {
            rollout.begin(order("r", "2", "here"), FIRST, ready::countDown);
            assertThat(ready.await(5, TimeUnit.SECONDS)).isTrue();
            AtomicInteger swaps = new AtomicInteger();
            rollout.takeReady((command, model) -> swaps.incrementAndGet());
            rollout.takeReady((command, model) -> swaps.incrementAndGet());
            assertThat(swaps).hasValue(1);
            assertThat(rollout.releaseId()).isEqualTo("r");
            rollout.begin(order("r", "2", "here"), FIRST, () -> swaps.addAndGet(100));
            Thread.sleep(100);
            assertThat(swaps).as("the same order again").hasValue(1);
        }
    }

    @Test
    void anOrderThatDoesNotLoadOrHoldsAnotherModelFailsAndIsSeen() throws Exception {
        try (Rollout<String, String> rollout = rollout()) {
            rollout.begin(order("r1", "2", "nowhere"), FIRST, ready::countDown);
            rollout.begin(order("r2", "2", "other"), FIRST, ready::countDown);
            for (int i = 0; i < 100 && rollout.failures() < 2; i++) {
                Thread.sleep(20);
            }
            assertThat(rollout.failures()).isEqualTo(2);
            assertThat(rollout.lastFailure()).contains("other:9");
            assertThat(rollout.isReady()).isFalse();
            assertThat(open).hasValue(0);
        }
    }

    @Test
    void aSwapThatThrowsIsAFailureAndTheCandidateIsClosed() throws Exception {
        try (Rollout<String, String> rollout = rollout()) {
            rollout.begin(order("r", "2", "here"), FIRST, ready::countDown);
            assertThat(ready.await(5, TimeUnit.SECONDS)).isTrue();
            rollout.takeReady((command, model) -> {
                throw new IllegalArgumentException("states do not fit");
            });
            assertThat(rollout.releaseId()).isEmpty();
            assertThat(rollout.lastFailure()).contains("states do not fit");
            assertThat(open).hasValue(0);
        }
    }

    @Test
    void closingDropsACandidateThatWasNeverTaken() throws Exception {
        Rollout<String, String> rollout = rollout();
        rollout.begin(order("r", "2", "here"), FIRST, ready::countDown);
        assertThat(ready.await(5, TimeUnit.SECONDS)).isTrue();
        rollout.close();
        assertThat(open).hasValue(0);
    }
}
