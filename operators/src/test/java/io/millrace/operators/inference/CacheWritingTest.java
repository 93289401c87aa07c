package io.millrace.operators.inference;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.millrace.operators.inference.internal.ArenaModel;
import io.millrace.operators.inference.internal.Batch;
import io.millrace.operators.inference.internal.BatchAssembler;
import io.millrace.operators.inference.internal.CacheDirectory;
import io.millrace.operators.inference.internal.CacheEntry;
import io.millrace.operators.inference.internal.CachePosition;
import io.millrace.operators.inference.internal.CacheStore;
import io.millrace.operators.inference.internal.Candidate;
import io.millrace.operators.inference.internal.Deployment;
import io.millrace.operators.inference.internal.DeviceQueue;
import io.millrace.operators.inference.internal.Mailbox;
import io.millrace.operators.inference.internal.PendingRecord;
import io.millrace.operators.inference.internal.StateWriter;
import io.millrace.operators.inference.internal.StoredState;
import io.millrace.operators.inference.internal.Versions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Writing states ahead of a checkpoint, and what is left for the checkpoint then. */
class CacheWritingTest {

    private static final int SLOTS = 4;

    private final MapStore store = new MapStore();
    private final Deque<Runnable> mails = new ArrayDeque<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final Mailbox mailbox = new Mailbox() {
        @Override
        public boolean post(Runnable mail, String what) {
            return mails.add(mail);
        }

        @Override
        public void yield() {
            mails.remove().run();
        }
    };
    private boolean deviceWaits;
    private final DeviceQueue device = task -> {
        if (deviceWaits) {
            work.add(task);
        } else {
            task.run();
        }
    };
    private Versions<String, Long, Double> versions;
    private CacheDirectory<String> directory;
    private BatchAssembler<String, Long, Long, Double> assembler;
    private StateWriter<String, Long, Double> writer;

    CacheWritingTest() {
        open();
    }

    private void open() {
        ModelReference reference = ToyModel.reference("1");
        versions = new Versions<>(
                new Deployment<>(1, "", reference, ArenaModel.open(ToyModel.load(reference, null), SLOTS), SLOTS),
                SLOTS,
                1000);
        directory = new CacheDirectory<>(versions, 0, store);
        assembler = new BatchAssembler<>(versions, directory);
        writer = new StateWriter<>(versions, directory, device, mailbox);
    }

    @AfterEach
    void close() throws Exception {
        versions.close();
    }

    private void runMails() {
        while (!mails.isEmpty()) {
            mails.remove().run();
        }
    }

    private int writeAhead() {
        int[] written = {0};
        writer.writeAhead(states -> written[0] += states);
        runMails();
        return written[0];
    }

    private Batch<String, Long, Long, Double> send(String... keys) {
        List<PendingRecord<String, Long>> records = new ArrayList<>();
        List<Long> inputs = new ArrayList<>();
        for (String key : keys) {
            records.add(new PendingRecord<>(key, 5L, 0, null, 0, 0));
            inputs.add(5L);
        }
        return assembler.assemble(records, inputs, 0).get(0);
    }

    private List<Double> answer(String... keys) {
        Batch<String, Long, Long, Double> batch = send(keys);
        Batch.Completion<Double> completion = batch.run();
        assembler.complete(batch, completion);
        return completion.outcomes().stream().map(outcome -> outcome.output()).toList();
    }

    @Test
    void whatIsWrittenAheadIsNotWrittenAgainUnlessItChanges() throws Exception {
        answer("a", "b", "c");
        assertThat(writer.dirty()).isEqualTo(3);
        writer.beginWriteAhead();
        answer("c");
        assertThat(writeAhead()).isEqualTo(3);
        assertThat(writeAhead()).isZero();
        assertThat(store.writes).isEqualTo(3);
        answer("b");
        assertThat(writer.writeBack()).isEqualTo(1);
        List<Double> goOn = answer("a", "b", "c");

        versions.close();
        open();
        assertThat(answer("a", "b", "c")).isEqualTo(goOn);
    }

    @Test
    void aKeyInFlightIsLeftForTheCheckpoint() {
        answer("a", "b");
        writer.beginWriteAhead();
        Batch<String, Long, Long, Double> flying = send("a");
        assertThat(writeAhead()).isEqualTo(1);
        assertThat(store.copies).containsOnlyKeys("b");
        assembler.complete(flying, flying.run());
        assertThat(writer.writeBack()).isEqualTo(1);
        assertThat(store.copies).containsOnlyKeys("a", "b");
    }

    @Test
    void aKeyWhoseSlotWasTakenIsNotWrittenFromIt() {
        answer("a");
        writer.beginWriteAhead();
        answer("b", "c", "d", "e");
        assertThat(store.copies).containsOnlyKeys("a");
        assertThat(writeAhead()).isZero();
        assertThat(store.writes).isEqualTo(1);
    }

    @Test
    void aKeyIsNotReadWhileItsCopyIsOnItsWayToTheStore() {
        answer("a");
        writer.beginWriteAhead();
        deviceWaits = true;
        assertThat(writer.writeAhead(states -> {})).isTrue();
        assertThat(directory.isAvailable("a")).as("it has its slot").isTrue();
        answer("b", "c", "d", "e");
        assertThat(directory.isAvailable("a"))
                .as("its slot was taken, its copy is not in the store")
                .isFalse();
        work.remove().run();
        runMails();
        assertThat(directory.isAvailable("a")).isTrue();
        assertThat(store.copies).containsKey("a");
    }

    @Test
    void aKeyThatEndsWhileItsCopyIsOnItsWayDoesNotComeBack() {
        answer("a");
        writer.beginWriteAhead();
        deviceWaits = true;
        assertThat(writer.writeAhead(states -> {})).isTrue();
        directory.end("a");
        work.remove().run();
        runMails();
        assertThat(store.copies).isEmpty();
        assertThat(directory.isAvailable("a")).isTrue();
    }

    @Test
    void aSwapEndsTheWritingOfWhatWasListedBefore() {
        answer("a");
        writer.beginWriteAhead();
        ModelReference next = ToyModel.reference("2");
        var model = ToyModel.load(next, null);
        versions.swap(
                2,
                new Candidate<>(
                        new RolloutCommand("r", next, CacheTransition.RESET), model, ArenaModel.open(model, SLOTS)),
                0);
        assertThat(writeAhead()).isZero();
        assertThat(store.copies).isEmpty();
    }

    private static final class MapStore implements CacheStore<String> {
        private final Map<String, Map<CachePosition, CacheEntry>> copies = new HashMap<>();
        private int writes;

        @Override
        public List<StoredState> read(String key) {
            return StoredState.of(copies.getOrDefault(key, Map.of()).entrySet());
        }

        @Override
        public void write(String key, CachePosition position, CacheEntry entry) {
            copies.computeIfAbsent(
                            key,
                            ignored -> new TreeMap<>(java.util.Comparator.comparingLong(CachePosition::generation)
                                    .thenComparingInt(CachePosition::sequence)))
                    .put(position, entry);
            writes++;
        }

        @Override
        public void clear(String key) {
            copies.remove(key);
        }

        @Override
        public void started(String key, long timestamp) {
            // Nothing expires here.
        }
    }
}
