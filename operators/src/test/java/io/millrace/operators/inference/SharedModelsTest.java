package io.millrace.operators.inference;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.millrace.models.streaming.SharedUse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SharedModelsTest {

    private final SharedModels<String, Model> models = new SharedModels<>();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger copies = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private final class Model {
        private final SharedUse use;

        private Model(SharedUse use) {
            this.use = use;
        }

        private Model share() {
            if (!use.enter()) {
                throw new IllegalStateException("closed");
            }
            return new Model(use);
        }

        private void close() {
            if (use.leave()) {
                copies.decrementAndGet();
            }
        }
    }

    private Model make() {
        made.incrementAndGet();
        most.accumulateAndGet(copies.incrementAndGet(), Math::max);
        return new Model(new SharedUse());
    }

    private Model get() {
        return models.get("m", Model::share, this::make);
    }

    @Test
    void weightsAreMadeOnceSharedAndMadeAgainAfterTheLastUser() {
        Model first = get();
        Model second = get();
        first.close();
        Model third = get();
        assertThat(made).hasValue(1);
        second.close();
        third.close();
        assertThat(copies).hasValue(0);
        get().close();
        assertThat(made).hasValue(2);
    }

    @Test
    void manyThreadsThatComeAndGoNeverMakeASecondCopyNorUseOneThatIsGone() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        CountDownLatch go = new CountDownLatch(1);
        Future<?>[] all = new Future<?>[4];
        for (int t = 0; t < all.length; t++) {
            all[t] = pool.submit(() -> {
                go.await();
                for (int i = 0; i < 20_000; i++) {
                    get().close();
                }
                return null;
            });
        }
        go.countDown();
        for (Future<?> one : all) {
            one.get();
        }
        pool.shutdown();
        assertThat(copies).hasValue(0);
        // One may be made while the last user of the one before is still at freeing it.
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }
}
