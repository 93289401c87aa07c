package io.millrace.connectors.audio.live;

import io.millrace.schemas.EndOfUtterance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerMessagesTest {
    @Test
    void resultsAreWrittenAsVosksServerWritesThem() {
        assertThat(ServerMessages.result(Transcripts.partial("s", "good mor"), 1))
                .isEqualTo("{\"partial\":\"good mor\"}");
        assertThat(ServerMessages.result(Transcripts.transcript("s", 0, "morning", true, EndOfUtterance.SILENCE), 1))
                .isEqualTo("{\"text\":\"morning\",\"result\":"
                        + "[{\"word\":\"morning\",\"start\":0.48,\"end\":0.96,\"conf\":0.75}]}");
        assertThat(ServerMessages.result(Transcripts.end("s", 0, null), 1)).isEqualTo("{\"text\":\"\"}");
    }

    @Test
    void theChannelIsNamedWhereThereAreSeveral() {
        assertThat(ServerMessages.result(Transcripts.end("s", 1, null), 2)).isEqualTo("{\"text\":\"\",\"channel\":1}");
    }

    @Test
    void textIsEscaped() {
        assertThat(ServerMessages.error("no \"such\"\n")).isEqualTo("{\"error\":\"no \\\"such\\\"\\n\"}");
    }
}
