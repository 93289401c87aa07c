package io.millrace.connectors.audio.live;

import java.util.List;

import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.EndOfUtterance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerMessagesTest {
    @Test
    void resultsAreWrittenAsVosksServerWritesThem() {
        assertThat(ServerMessages.result(Transcripts.partial("s", "good mor"), config(1, 0), 0))
                .isEqualTo("{\"partial\":\"good mor\"}");
        assertThat(ServerMessages.result(
                        Transcripts.transcript("s", 0, "morning", true, EndOfUtterance.SILENCE), config(1, 0), 0))
                .isEqualTo("{\"text\":\"morning\",\"result\":"
                        + "[{\"word\":\"morning\",\"start\":0.48,\"end\":0.96,\"conf\":0.75}]}");
        assertThat(ServerMessages.result(Transcripts.end("s", 0, null), config(1, 0), 0))
                .isEqualTo("{\"text\":\"\"}");
    }

    @Test
    void theChannelIsNamedWhereThereAreSeveral() {
        assertThat(ServerMessages.result(Transcripts.end("s", 1, null), config(2, 0), 0))
                .isEqualTo("{\"text\":\"\",\"channel\":1}");
    }

    @Test
    void textIsEscaped() {
        assertThat(ServerMessages.error("no \"such\"\n")).isEqualTo("{\"error\":\"no \\\"such\\\"\\n\"}");
    }

    @Test
    void alternativesComeWhereTheyWereAskedForAndTimesAreShifted() {
        assertThat(ServerMessages.result(Transcripts.end("s", 0, "morning"), config(1, 3), 2))
                .isEqualTo("{\"alternatives\":[{\"confidence\":0.75,\"text\":\"morning\",\"result\":"
                        + "[{\"word\":\"morning\",\"start\":2.48,\"end\":2.96,\"conf\":0.75}]}]}");
        assertThat(ServerMessages.result(Transcripts.end("s", 0, null), config(1, 3), 0))
                .isEqualTo("{\"alternatives\":[{\"confidence\":1.0,\"text\":\"\"}]}");
    }

    private static ClientMessage.Config config(int channels, int alternatives) {
        return new ClientMessage.Config(
                null,
                8000,
                AudioEncoding.PCM_S16LE,
                channels,
                null,
                null,
                List.of(),
                true,
                ClientMessage.Pairing.BY_STREAM_ID,
                true,
                alternatives);
    }
}
