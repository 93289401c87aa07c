package io.millrace.jobs.speech;

import java.time.Instant;

import io.millrace.models.speech.evaluation.WordErrors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeardStreamTest {

    private static HeardStream heard(String heard, String said, boolean cut) {
        return new HeardStream("call-1", Instant.parse("2026-01-05T09:00:07Z"), heard, said, cut);
    }

    @Test
    void theLineSetsWhatWasHeardBesideWhatWasSaid() {
        assertThat(heard("one two", "One two", false).line()).endsWith(":07  call-1: one two  (as said)");
        assertThat(heard("one", "one two", false).line()).endsWith("call-1: one  (said: one two)");
        assertThat(heard("", "one two", false).line()).endsWith("call-1: (nothing)  (said: one two)");
        assertThat(heard("one", "", true).line()).endsWith("call-1: one  (cut short)");
        assertThat(heard("one", null, false).line()).endsWith("call-1: one");
    }

    @Test
    void onlyWhatIsKnownAsAWholeIsJudged() {
        assertThat(heard("one", "one two", false).errors()).isEqualTo(new WordErrors(2, 0, 1, 0));
        assertThat(heard("one", "", true).errors()).isEqualTo(WordErrors.NONE);
        assertThat(heard("one", null, false).errors()).isEqualTo(WordErrors.NONE);
    }
}
