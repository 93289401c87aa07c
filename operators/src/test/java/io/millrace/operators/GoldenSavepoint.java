package io.millrace.operators;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * A savepoint of an operator that lies beside the tests, with what the operator answered after it, and has to restore for
 * ever, on the heap and on RocksDB, whatever becomes of the code: {@code src/test/resources/golden}.
 * {@code -Dmillrace.golden.write=true} writes those that are missing.
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

    /**
     * What an operator has answered so far, in an order and in words that do not depend on chance or on the clock. Records
     * are compared field by field; a field that is new may come beside them.
     */
    @FunctionalInterface
    public interface Answers<H> {
        List<?> of(H harness) throws Exception;
    }

    private final String name;
    private final Opener<H> opener;
    private final Part<H> before;

    /**
     * A savepoint.
     *
     * @param name its file
     * @param opener opens the operator
     * @param before what comes before the savepoint
     */
    public GoldenSavepoint(String name, Opener<H> opener, Part<H> before) {
        this.name = name;
        this.opener = opener;
        this.before = before;
    }

    /**
     * Checks that an operator that is restored, from the savepoint and from one made now on either backend, answers word
     * for word as the file of the answers has it, and as one that was never stopped.
     *
     * @param story its file of answers, after the savepoint's name
     * @param after what comes after the savepoint
     * @param answers what is compared
     */
    public void check(String story, Part<H> after, Answers<H> answers) throws Exception {
        Path file = FOLDER.resolve(name + ".snapshot");
        Path words = FOLDER.resolve(name + "." + story + ".answers");
        boolean writes = Boolean.getBoolean("millrace.golden.write");
        if (writes && !Files.exists(file)) {
            Files.createDirectories(FOLDER);
            OperatorSnapshotUtil.writeStateHandle(savepoint(new HashMapStateBackend()), file.toString());
        }
        OperatorSubtaskState golden = OperatorSnapshotUtil.readStateHandle(file.toString());
        if (writes && !Files.exists(words)) {
            Files.write(words, lines(goOn(new HashMapStateBackend(), golden, after, answers)));
        }
        List<String> expected = Files.readAllLines(words);
        assertThat(expected).as("the savepoint leaves something to answer").doesNotContain("answers: 0");
        assertThat(lines(goOn(new HashMapStateBackend(), golden, after, answers)))
                .as("golden, on the heap")
                .containsAll(expected);
        assertThat(lines(goOn(new EmbeddedRocksDBStateBackend(), golden, after, answers)))
                .as("golden, on RocksDB")
                .containsAll(expected);
        assertThat(lines(unbroken(after, answers))).as("never stopped").containsAll(expected);
        assertThat(lines(goOn(new HashMapStateBackend(), savepoint(new EmbeddedRocksDBStateBackend()), after, answers)))
                .as("from RocksDB to the heap")
                .containsAll(expected);
        assertThat(lines(goOn(new EmbeddedRocksDBStateBackend(), savepoint(new HashMapStateBackend()), after, answers)))
                .as("from the heap to RocksDB")
                .containsAll(expected);
        assertThat(Files.size(file)).as("bytes in the repository").isLessThan(100_000);
    }

    private static List<String> lines(List<?> answers) throws ReflectiveOperationException {
        List<String> lines = new ArrayList<>();
        lines.add("answers: " + answers.size());
        for (int i = 0; i < answers.size(); i++) {
            lines.addAll(GoldenRecord.described("[" + i + "]", answers.get(i)));
        }
        return lines;
    }

    private OperatorSubtaskState savepoint(StateBackend backend) throws Exception {
        try (H harness = opener.open(backend, null)) {
            before.run(harness);
            harness.prepareSnapshotPreBarrier(99);
            return harness.snapshotWithLocalState(99, 99, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                    .getJobManagerOwnedState();
        }
    }

    private List<?> unbroken(Part<H> after, Answers<H> answers) throws Exception {
        try (H harness = opener.open(new HashMapStateBackend(), null)) {
            before.run(harness);
            harness.getOutput().clear();
            after.run(harness);
            return answers.of(harness);
        }
    }

    private List<?> goOn(StateBackend backend, OperatorSubtaskState state, Part<H> after, Answers<H> answers)
            throws Exception {
        try (H harness = opener.open(backend, state)) {
            after.run(harness);
            return answers.of(harness);
        }
    }
}
