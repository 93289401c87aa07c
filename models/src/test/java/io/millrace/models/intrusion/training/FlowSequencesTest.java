package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import io.millrace.models.intrusion.FlowContext;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.KeyHistory;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FlowSequencesTest {

    private static final int FLOWS = 200;

    private static List<FlowRow> rows() {
        List<FlowRow> rows = new ArrayList<>();
        for (int i = 0; i < FLOWS; i++) {
            FlowContext context = new FlowContext(
                    i % 3 == 0 ? "a" : "b", "peer", 40_000 + i, 443, 6, i * 1000.0, i * 1000.0 + 500, i, 2 * i, true);
            rows.add(new FlowRow(new double[] {i}, new String[0], context, false, FlowRow.BENIGN));
        }
        return rows;
    }

    @Test
    void restartsCopyTheChosenRowsInOrderAndForgetWhatCameBefore() {
        FlowSequences flows = FlowSequences.of(rows());
        boolean[] chosen = new boolean[FLOWS];
        Arrays.fill(chosen, 0, 150, true);
        FlowSequences more = flows.withRestarts(chosen, 10, new Random(1));

        assertThat(more.rows().subList(0, FLOWS)).isEqualTo(flows.rows());
        assertThat(more.rows()).hasSize(FLOWS + 150);
        assertThat(more.sequences().subList(0, 2)).isEqualTo(flows.sequences());
        List<int[]> restarted = more.sequences().subList(2, more.sequences().size());
        assertThat(restarted.stream().flatMapToInt(Arrays::stream))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(FLOWS, FLOWS + 150).boxed().toList());
        assertThat(restarted).hasSizeBetween(8, 40).allSatisfy(sequence -> {
            assertThat(sequence).hasSizeBetween(1, 19);
            KeyHistory history = new KeyHistory();
            double last = -1;
            for (int row : sequence) {
                FlowRow flow = more.rows().get(row);
                assertThat(flow.numeric()[0]).isGreaterThan(last).isLessThan(150);
                assertThat(flow.context().key())
                        .isEqualTo(more.rows().get(sequence[0]).context().key());
                assertThat(more.histories().get(row)).isEqualTo(history.observe(flow.context()));
                last = flow.numeric()[0];
            }
        });
    }

    @Test
    void rowsWithoutAContextAreNotCopied() {
        FlowRow row = new FlowRow(new double[1], new String[0], null, false, FlowRow.BENIGN);
        FlowSequences flows = FlowSequences.of(List.of(row, row));
        assertThat(flows.withRestarts(new boolean[] {true, true}, 10, new Random(1))
                        .rows())
                .hasSize(2);
    }
}
