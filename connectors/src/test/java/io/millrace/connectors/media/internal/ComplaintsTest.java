package io.millrace.connectors.media.internal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ComplaintsTest {

    @Test
    void addressesAndLineEndsAreLeftOut() {
        assertThat(Complaints.readable("[mp3float @ 0x55a596023800] Header missing\n"))
                .isEqualTo("Header missing");
        assertThat(Complaints.readable("[aist#0:0/mp3 @ 0x1] [dec:mp3 @ 0x2] Error\u001b[31m!"))
                .isEqualTo("Error [31m!");
        assertThat(Complaints.readable("x".repeat(1000))).hasSize(200);
    }

    @Test
    void theFirstComplaintOfAListeningIsKept() {
        Complaints complaints = new Complaints();
        Complaints.heard("nobody listens");
        try (Complaints.Listening listening = complaints.listen()) {
            assertThat(complaints.first()).isNull();
            Complaints.heard("one");
            Complaints.heard("two");
            assertThat(complaints.first()).isEqualTo("one");
        }
        Complaints.heard("nobody listens");
        assertThat(complaints.first()).isEqualTo("one");
        try (Complaints.Listening listening = complaints.listen()) {
            assertThat(complaints.first()).isNull();
        }
    }
}
