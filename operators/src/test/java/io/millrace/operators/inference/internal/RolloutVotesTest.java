package io.millrace.operators.inference.internal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RolloutVotesTest {

    private int subtasks = 2;
    private final RolloutVotes votes = new RolloutVotes(() -> subtasks);

    private void ready(int subtask, String order, long generation, long watermark) {
        votes.ready(subtask, new RolloutMessage.Ready(order, generation, watermark, true));
    }

    @Test
    void allHaveToBeReadyForTheSameOrder() {
        ready(0, "a", 2, 5);
        assertThat(votes.take()).isEmpty();
        ready(1, "b", 2, 5);
        assertThat(votes.take()).isEmpty();
        ready(0, "b", 4, 9);
        assertThat(votes.take()).hasValue(new RolloutMessage.Agreed("b", 4, 9));
        assertThat(votes.take()).as("asked anew").isEmpty();
    }

    @Test
    void aSubtaskThatStartsAgainHasToSaySoAgain() {
        ready(0, "a", 2, 5);
        ready(1, "a", 2, 5);
        votes.forget(1);
        assertThat(votes.take()).isEmpty();
        votes.forgetAll();
        ready(1, "a", 2, 5);
        assertThat(votes.take()).isEmpty();
    }

    @Test
    void generationsOnlyGoUp() {
        ready(0, "a", 2, 5);
        ready(1, "a", 2, 5);
        assertThat(votes.take().orElseThrow().generation()).isEqualTo(2);
        ready(0, "b", 2, 5);
        ready(1, "b", 3, 5);
        assertThat(votes.take().orElseThrow().generation()).isEqualTo(3);
    }

    @Test
    void withCheckpointsTheyWaitForOneAndARescaleCounts() {
        subtasks = 1;
        ready(0, "a", 2, 5);
        assertThat(votes.isForNow()).isFalse();
        votes.ready(0, new RolloutMessage.Ready("a", 2, 5, false));
        assertThat(votes.isForNow()).isTrue();
        subtasks = 3;
        assertThat(votes.isForNow()).isFalse();
    }
}
