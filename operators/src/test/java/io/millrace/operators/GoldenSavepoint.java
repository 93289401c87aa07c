package io.millrace.operators;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A savepoint of an operator that lies beside the tests and has to restore for ever, on the heap and on RocksDB, whatever
 * becomes of the code: {@code src/test/resources/golden}. {@code -Dmillrace.golden.write=true} writes those that are missing.
 *
 * @param <H> the operator with its time in the test's hands
 */
public final class GoldenSavepoint<H extends AbstractStreamOperatorTestHarness<?>> {

    private static final Path FOLDER = Path.of("src", "test", "resources", "golden", "format-1");

    /** Opens an operator; {@code state} is null for a fresh start. */
    @FunctionalInterface
    public interface Opener<H> {
        H open(StateBackend backend, OperatorSubtaskState state) throws Exception;
    }

    /** Something done to an operator. */
    @FunctionalInterface
    public interface Part<H> {
        void run(H harness) throws Exception;
    }

    /** What an operator has answered so far, in an order and in words that do not depend on chance or on the clock. */
    @FunctionalInterface
    public interface Answers<H> {
        List<String> of(H harness) throws Exception;
    }

    private final Path file;
    private final Opener<H> opener;
    private final Part<H> before;
    private final Part<H> after;
    private final Answers<H> answers;

    /**
     * A savepoint.
     *
     * @param name its file
     * @param opener opens the operator
     * @param before what comes before the savepoint
     * @param after what comes after it, up to the end of input
     * @param answers what is compared
     */
    public GoldenSavepoint(String name, Opener<H> opener, Part<H> before, Part<H> after, Answers<H> answers) {
        this.file = FOLDER.resolve(name + ".snapshot");
        this.opener = opener;
        this.before = before;
        this.after = after;
        this.answers = answers;
    }

    /** Checks that the savepoint, and one made now on either backend, go on as an operator that was never stopped. */
    public void check() throws Exception {
        if (Boolean.getBoolean("millrace.golden.write") && !Files.exists(file)) {
            write();
        }
        List<String> expected = unbroken();
        assertThat(expected).as("the savepoint leaves something to answer").isNotEmpty();
        OperatorSubtaskState golden = OperatorSnapshotUtil.readStateHandle(file.toString());
        assertThat(goOn(new HashMapStateBackend(), golden))
                .as("golden, on the heap")
                .isEqualTo(expected);
        assertThat(goOn(new EmbeddedRocksDBStateBackend(), golden))
                .as("golden, on RocksDB")
                .isEqualTo(expected);
        assertThat(goOn(new HashMapStateBackend(), savepoint(new EmbeddedRocksDBStateBackend())))
                .as("from RocksDB to the heap")
                .isEqualTo(expected);
        assertThat(goOn(new EmbeddedRocksDBStateBackend(), savepoint(new HashMapStateBackend())))
                .as("from the heap to RocksDB")
                .isEqualTo(expected);
    }

    private void write() throws Exception {
        Files.createDirectories(FOLDER);
        OperatorSnapshotUtil.writeStateHandle(savepoint(new HashMapStateBackend()), file.toString());
    }

    private OperatorSubtaskState savepoint(StateBackend backend) throws Exception {
        try (H harness = opener.open(backend, null)) {
            before.run(harness);
            harness.prepareSnapshotPreBarrier(99);
            return harness.snapshotWithLocalState(99, 99, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                    .getJobManagerOwnedState();
        }
    }

    private List<String> unbroken() throws Exception {
        try (H harness = opener.open(new HashMapStateBackend(), null)) {
            before.run(harness);
            harness.getOutput().clear();
            after.run(harness);
            return answers.of(harness);
        }
    }

    private List<String> goOn(StateBackend backend, OperatorSubtaskState state) throws Exception {
        try (H harness = opener.open(backend, state)) {
            after.run(harness);
            return answers.of(harness);
        }
    }

    /** Bytes of the file, for a test that keeps the repository small. */
    public long size() throws IOException {
        return Files.size(file);
    }
}
