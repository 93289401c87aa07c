package io.millrace.connectors.audio.live;

import java.util.List;
import java.util.Random;

import io.millrace.schemas.AudioEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClientMessageParserTest {
    private static final int MUTATIONS = 20_000;
    private static final String FULL =
            "{\"config\":{\"sample_rate\":8000,\"encoding\":\"mulaw\",\"stream_id\":\"call-17\","
                    + "\"channels\":2,\"look_ahead\":6,\"silence_ms\":800,\"partials\":false}}";

    private final ClientMessageParser parser = new ClientMessageParser(8000);

    @Test
    void everySettingIsRead() throws Exception {
        assertThat(parser.parse(FULL))
                .isEqualTo(new ClientMessage.Config(
                        "call-17",
                        8000,
                        AudioEncoding.MULAW,
                        2,
                        6,
                        800,
                        List.of(),
                        false,
                        ClientMessage.Pairing.BY_STREAM_ID,
                        true,
                        0));
    }

    @Test
    void settingsHaveDefaults() throws Exception {
        ClientMessage.Config defaults = parser.standard();
        assertThat(defaults.sampleRate()).isEqualTo(8000);
        assertThat(parser.parse("{\"config\":{}}")).isEqualTo(defaults);
    }

    @Test
    void settingsAreReadAsClientsOfVoskWriteThem() throws Exception {
        for (String rate : List.of("16000.0", "\"16000\"", "\"16000.0\"", "16000")) {
            assertThat(parser.parse("{\"config\":{\"sample_rate\":" + rate
                            + ",\"words\":0,\"phrase_list\":[\"a\"],\"max_alternatives\":\"3\"}}"))
                    .isEqualTo(new ClientMessage.Config(
                            null,
                            16_000,
                            AudioEncoding.PCM_S16LE,
                            1,
                            null,
                            null,
                            List.of("a"),
                            true,
                            ClientMessage.Pairing.BY_STREAM_ID,
                            false,
                            3));
        }
        assertThat(parser.parse("{\"reset\" : 1}")).isEqualTo(new ClientMessage.Reset());
    }

    @Test
    void theEndIsRead() throws Exception {
        assertThat(parser.parse("{\"eof\" : 1}")).isEqualTo(new ClientMessage.Eof());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                          | a text message is",
                "hello                                       | not JSON",
                "{\"eof\":1                                  | not JSON",
                "{\"eof\":1} {\"eof\":1}                     | not JSON",
                "{\"eof\":0}                                 | a text message is",
                "{\"eof\":1,\"config\":{}}                   | a text message is",
                "[]                                          | a text message is",
                "null                                        | a text message is",
                "{\"config\":8000}                           | a text message is",
                "{\"config\":{\"rate\":8000}}                | no setting 'rate'",
                "{\"config\":{\"sample_rate\":8000,\"sample_rate\":16000}} | not JSON: Duplicate",
                "{\"config\":{\"sample_rate\":999}}          | a sample_rate of 999 is not understood, only whole numbers from 1000",
                "{\"config\":{\"sample_rate\":8000.5}}       | a sample_rate of 8000.5 is not understood",
                "{\"config\":{\"sample_rate\":\"much\"}}     | a sample_rate of much is not understood",
                "{\"config\":{\"sample_rate\":8000.5}}       | a sample_rate of 8000.5 is not understood",
                "{\"config\":{\"sample_rate\":1e300}}        | a sample_rate of 1.0E300 is not understood",
                "{\"config\":{\"answer_each\":1,\"channels\":2}} | answer_each is for streams of one channel",
                "{\"config\":{\"encoding\":\"opus\"}}        | encoding must be pcm_s16le, pcm_f32le or mulaw",
                "{\"config\":{\"encoding\":\"unknown\"}}     | encoding must be",
                "{\"config\":{\"channels\":0}}               | channels must be a whole number from 1 to 8",
                "{\"config\":{\"channels\":9}}               | channels must be a whole number from 1 to 8",
                "{\"config\":{\"stream_id\":\"\"}}           | stream_id must be",
                "{\"config\":{\"stream_id\":\"a b\"}}        | stream_id must be",
                "{\"config\":{\"stream_id\":7}}              | stream_id must be",
                "{\"config\":{\"partials\":2}}               | partials must be true or false",
                "{\"config\":{\"silence_ms\":-1}}            | silence_ms must be a whole number",
                "{\"config\":{\"phrases\":\"stop\"}}       | phrases must be an array",
                "{\"config\":{\"phrases\":[7]}}              | phrases must be an array",
            })
    void whatIsNoMessageIsRefusedInWords(String text, String message) {
        assertThatThrownBy(() -> parser.parse(text))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.status()).isEqualTo(ProtocolException.INVALID))
                .hasMessageStartingWith(message);
    }

    @Test
    void aLongMessageIsRefusedUnread() {
        assertThatThrownBy(() -> parser.parse("[".repeat(20_000)))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.status()).isEqualTo(ProtocolException.TOO_LARGE));
        assertThatThrownBy(() -> parser.parse("[".repeat(10_000))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void nothingButAMessageOrARefusalComesOfChangedBytes() {
        Random random = new Random(20_260_105);
        int understood = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            StringBuilder text = new StringBuilder(FULL);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, (char) random.nextInt(i % 2 == 0 ? 128 : 65_536));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, FULL, Math.min(at, FULL.length()) / 2, Math.min(at, FULL.length()));
                }
            }
            try {
                ClientMessage message = parser.parse(text.toString());
                assertThat(message).isNotNull();
                understood++;
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(understood).isBetween(1, MUTATIONS - 1);
    }
}
