package io.millrace.connectors.audio.live;

import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.ListeningSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What passes between a client and the server, in order and out of it. */
class SpeechServerTest extends ServerFixture {
    @Test
    void audioGoesOutAndResultsComeBackUntilTheLast() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("a");
        client.send(new byte[3]).join();
        client.send(new byte[1_601]).join();
        await(() -> audio.of("a").size() == 1);
        server.accept(Transcripts.partial("a", "good"));
        assertThat(client.next()).isEqualTo("{\"partial\":\"good\"}");
        server.accept(Transcripts.transcript("a", 0, "morning", true, EndOfUtterance.SILENCE));
        assertThat(client.next()).startsWith("{\"text\":\"morning\",\"result\":[");

        client.say("{\"eof\":1}");
        await(() -> audio.ended("a"));
        assertThat(audio.of("a")).extracting(AudioChunk::getSequence).containsExactly(0L, 1L);
        assertThat(audio.bytes("a")).isEqualTo(1604);
        server.accept(Transcripts.end("a", 0, null));
        assertThat(client.next()).isEqualTo("{\"text\":\"\"}");
        assertThat(client.closed()).isEqualTo("1000 ");
        await(() -> server.connected() == 0);
    }

    @Test
    void aStreamOfTwoChannelsIsOverWhenBothAre() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings));
        client.say("{\"config\":{\"sample_rate\":8000,\"stream_id\":\"b\",\"channels\":2,\"partials\":false}}");
        assertThat(client.next()).isEqualTo("{\"stream_id\":\"b\"}");
        client.send(SECOND).join();
        client.say("{\"eof\":1}");
        await(() -> audio.of("b").stream().filter(AudioChunk::getEndOfStream).count() == 2);
        server.accept(Transcripts.partial("b", "not wanted"));
        server.accept(Transcripts.end("b", 1, "right"));
        server.accept(Transcripts.end("b", 0, "left"));
        assertThat(client.next()).contains("\"text\":\"right\"").endsWith("\"channel\":1}");
        assertThat(client.next()).contains("\"text\":\"left\"").endsWith("\"channel\":0}");
        assertThat(client.closed()).startsWith("1000");
    }

    @Test
    void anEndBeforeTheEofIsNotTheLast() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("c");
        server.accept(Transcripts.end("c", 0, "stopped"));
        assertThat(client.next()).contains("stopped");
        client.say("{\"eof\":1}");
        await(() -> audio.ended("c"));
        server.accept(Transcripts.partial("c", "going on"));
        assertThat(client.next()).isEqualTo("{\"partial\":\"going on\"}");
        server.accept(Transcripts.end("c", 0, "done"));
        assertThat(client.next()).contains("done");
        assertThat(client.closed()).startsWith("1000");
    }

    @Test
    void everyClientGetsItsOwnResults() throws Exception {
        start(settings -> settings);
        List<LiveClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(LiveClient.connect(server).begin("many-" + i));
        }
        for (int i = 0; i < 20; i++) {
            clients.get(i).send(SECOND);
            clients.get(i).say("{\"eof\":1}");
        }
        for (int i = 0; i < 20; i++) {
            String stream = "many-" + i;
            await(() -> audio.ended(stream));
            assertThat(audio.bytes(stream)).isEqualTo(SECOND.length);
        }
        for (int i = 19; i >= 0; i--) {
            server.accept(Transcripts.end("many-" + i, 0, "word" + i));
            assertThat(clients.get(i).next()).contains("\"text\":\"word" + i + "\"");
            assertThat(clients.get(i).closed()).startsWith("1000");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no JSON                                    | 1007 | not JSON",
                "{\"config\":{\"sample_rate\":7}}           | 1007 | a sample_rate of 7 is not understood",
                "{\"config\":{\"stream_id\":\"taken\"}}     | 1008 | another connection has the stream taken",
            })
    void wrongInputIsToldToItsClientAndToNoOther(String message, int status, String reason) throws Exception {
        LiveClient other = LiveClient.connect(start(settings -> settings)).begin("taken");
        LiveClient client = LiveClient.connect(server).say(message);
        assertThat(client.next()).startsWith("{\"error\":\"" + reason);
        assertThat(client.closed()).startsWith(status + " " + reason);

        other.send(SECOND).join();
        other.say("{\"eof\":1}");
        await(() -> audio.ended("taken"));
        server.accept(Transcripts.end("taken", 0, "unharmed"));
        assertThat(other.next()).contains("unharmed");
    }

    @Test
    void wrongOrderIsRefusedAndTheStreamEnded() throws Exception {
        start(settings -> settings);
        LiveClient twice = LiveClient.connect(server).begin("twice");
        twice.send(new byte[100]).join();
        twice.say("{\"config\":{\"sample_rate\":16000}}");
        assertThat(twice.next()).contains("stay as they were");
        await(() -> audio.ended("twice"));
        assertThat(audio.bytes("twice")).isEqualTo(100);
    }

    @Test
    void aLaterConfigChangesHowTheStreamIsHeardAndNothingElse() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("changing");
        client.send(SECOND).join();
        client.say("{\"config\":{\"look_ahead\":6,\"phrases\":[\"call me\"],\"partials\":false}}");
        client.send(SECOND).join();
        client.say("{\"eof\":1}");
        await(() -> audio.ended("changing"));
        assertThat(audio.of("changing").get(0).getListening()).isNull();
        assertThat(audio.of("changing").get(audio.of("changing").size() - 1).getListening())
                .isEqualTo(new ListeningSettings(6, null, List.of("call me")));
        server.accept(Transcripts.partial("changing", "unwanted"));
        server.accept(Transcripts.end("changing", 0, "wanted"));
        assertThat(client.next()).contains("\"wanted\"");
    }

    @Test
    void aConnectionThatDropsEndsItsStream() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("dropped");
        client.send(new byte[1000]).join();
        await(() -> server.connected() == 1);
        client.socket().abort();
        await(() -> audio.ended("dropped"));
        assertThat(audio.bytes("dropped")).isEqualTo(1000);
        await(() -> server.connected() == 0);

        LiveClient early = LiveClient.connect(server);
        early.say("{\"config\":{\"sample_rate\":8000,\"stream_id\":\"dropped\"}}");
        assertThat(early.next())
                .as("while results of the former caller may come, nobody can take them for their own")
                .contains("last results are still to come");
        server.accept(Transcripts.end("dropped", 0, "not yours"));
        LiveClient.connect(server).begin("dropped");
    }

    @Test
    void anOrderlyCloseWithoutEofEndsTheStreamToo() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("closed");
        client.socket().sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
        await(() -> audio.ended("closed"));
    }

    @Test
    void audioThatCannotBePassedOnIsToldToItsClient() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("lost");
        audio.fail(new IllegalStateException("no broker"));
        client.send(SECOND).join();
        assertThat(client.next()).isEqualTo("{\"error\":\"the audio could not be passed on\"}");
        assertThat(client.closed()).startsWith("1011");
    }

    @Test
    void aLateLastResultIsWaitedForWhileOthersCome() throws Exception {
        start(settings -> settings.withTimeouts(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(2)));
        LiveClient client = LiveClient.connect(server).begin("long").say("{\"eof\":1}");
        await(() -> audio.ended("long"));
        for (int i = 0; i < 5; i++) {
            TimeUnit.MILLISECONDS.sleep(500);
            server.accept(Transcripts.partial("long", "part " + i));
            assertThat(client.next()).isEqualTo("{\"partial\":\"part " + i + "\"}");
        }
        server.accept(Transcripts.end("long", 0, null));
        assertThat(client.next()).isEqualTo("{\"text\":\"\"}");
        assertThat(client.closed()).startsWith("1000");
    }

    @Test
    void aStoppingServerEndsEveryStream() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).begin("stopped");
        client.send(new byte[1000]).join();
        await(() -> server.connected() == 1);
        server.close();
        assertThat(client.next()).isEqualTo("{\"error\":\"the server stops\"}");
        assertThat(client.closed()).startsWith("1001");
        assertThat(audio.ended("stopped")).isTrue();
    }
}
