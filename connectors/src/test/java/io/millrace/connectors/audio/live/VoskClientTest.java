package io.millrace.connectors.audio.live;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.EndOfUtterance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients of Vosk's server rely on: one answer for each message, and none for a config. */
class VoskClientTest extends ServerFixture {
    private static final String NOTHING = "{\"partial\":\"\"}";

    @Test
    void eachPieceOfAudioIsAnsweredOnceAndTheEofWithAllThatIsLeft() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings));
        client.say("{\"config\":{\"sample_rate\":8000}}");
        client.send(SECOND).join();
        assertThat(client.next()).isEqualTo(NOTHING);
        String stream = audio.all().get(0).getStreamId();

        server.accept(Transcripts.partial(stream, "good mor"));
        deliverAll(client);
        client.send(SECOND).join();
        assertThat(client.next()).isEqualTo("{\"partial\":\"good mor\"}");

        server.accept(Transcripts.transcript(stream, 0, "one", true, EndOfUtterance.SILENCE));
        deliverAll(client);
        client.send(SECOND).join();
        assertThat(client.next()).startsWith("{\"text\":\"one\"");

        client.say("{\"eof\" : 1}");
        client.send(new byte[320]).join();
        client.say("{\"eof\" : 1}");
        await(() -> audio.ended(stream));
        server.accept(Transcripts.transcript(stream, 0, "two", true, EndOfUtterance.SILENCE));
        server.accept(Transcripts.end(stream, 0, "three"));
        assertThat(client.next()).startsWith("{\"text\":\"two three\",\"result\":[{\"word\":\"two\"");
        assertThat(client.closed()).startsWith("1000");
        assertThat(audio.bytes(stream)).isEqualTo(3L * SECOND.length);
    }

    @Test
    void audioWithoutAConfigHasTheDefaultRateOnAnyPath() throws Exception {
        start(settings -> settings.withDefaultSampleRate(16_000));
        LiveClient client = LiveClient.connect(server, "/asr/en/?lang=en");
        client.send(new byte[3200]).join();
        assertThat(client.next()).isEqualTo(NOTHING);
        assertThat(audio.all()).extracting(AudioChunk::getSampleRate).containsOnly(16_000);
    }

    @Test
    void aClientThatSaysNothingGetsAnEmptyFinal() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings)).say("{\"eof\" : 1}");
        assertThat(client.next()).isEqualTo("{\"text\":\"\"}");
        assertThat(client.closed()).startsWith("1000");
    }

    @Test
    void aResetIsAnsweredWithItsFinalAndWhatComesAfterItIsTimedFromTheStart() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings));
        client.send(SECOND).join();
        assertThat(client.next()).isEqualTo(NOTHING);
        String stream = audio.all().get(0).getStreamId();
        client.say("{\"reset\" : 1}");
        client.send(SECOND).join();
        await(() -> audio.bytes(stream) == 2L * SECOND.length);
        server.accept(Transcripts.end(stream, 0, "before"));
        assertThat(client.next()).contains("\"text\":\"before\"").contains("\"start\":0.48");
        assertThat(client.next()).isEqualTo(NOTHING);
        client.say("{\"eof\" : 1}");
        await(() -> audio.of(stream).stream().filter(AudioChunk::getEndOfStream).count() == 2);
        server.accept(Transcripts.end(stream, 0, "after"));
        assertThat(client.next()).contains("\"text\":\"after\"").contains("\"start\":1.48");
        assertThat(client.closed()).startsWith("1000");
    }

    @Test
    void whoNamesItsStreamMayAskForOneAnswerEachToo() throws Exception {
        LiveClient client = LiveClient.connect(start(settings -> settings));
        client.say("{\"config\":{\"stream_id\":\"named\",\"answer_each\":true}}");
        client.send(SECOND).join();
        assertThat(client.next()).isEqualTo(NOTHING);
        assertThat(audio.bytes("named")).isEqualTo(SECOND.length);
    }

    /** Results are handed over on the connection's thread, which a later heartbeat of the socket comes back from. */
    private static void deliverAll(LiveClient client) {
        client.pingPong();
    }
}
