package io.millrace.connectors.audio.live;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.audio.Resampler;

/** Reads the text messages of clients: {@code {"config":{...}}}, {@code {"reset":1}} and {@code {"eof":1}}, as Vosk's server has them. */
public final class ClientMessageParser {
    /** Most channels of a stream. */
    public static final int MAX_CHANNELS = 8;

    private static final int MAX_PHRASES = 100;
    private static final int MAX_PHRASE = 100;
    private static final int MAX_LENGTH = 16_384;
    private static final Pattern STREAM_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> KNOWN = Set.of(
            "stream_id",
            "sample_rate",
            "encoding",
            "channels",
            "look_ahead",
            "silence_ms",
            "phrases",
            "partials",
            "answer_each",
            "words",
            "phrase_list",
            "max_alternatives");
    /** A setting of Vosk's without a meaning here; its clients send it. */
    private static final Set<String> IGNORED = Set.of("model");

    private final ClientMessage.Config first;

    /** {@code defaultSampleRate}: rate of a client that says none. */
    public ClientMessageParser(int defaultSampleRate) {
        first = new ClientMessage.Config(
                null,
                defaultSampleRate,
                AudioEncoding.PCM_S16LE,
                1,
                null,
                null,
                List.of(),
                true,
                ClientMessage.Pairing.BY_STREAM_ID,
                true,
                0);
    }

    /** What holds for a client that sends audio without a config. */
    public ClientMessage.Config standard() {
        return first;
    }

    /**
     * Reads the first message.
     *
     * @throws ProtocolException if it is none; the message is for the client
     */
    public ClientMessage parse(String text) throws ProtocolException {
        return parse(text, first);
    }

    /**
     * Reads a message.
     *
     * @param before what holds where the message says nothing
     * @throws ProtocolException if it is none; the message is for the client
     */
    public ClientMessage parse(String text, ClientMessage.Config before) throws ProtocolException {
        if (text.length() > MAX_LENGTH) {
            throw new ProtocolException(
                    ProtocolException.TOO_LARGE, "a text message may have " + MAX_LENGTH + " characters at most");
        }
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw invalid("not JSON: " + e.getOriginalMessage());
        }
        if (message.size() == 1 && message.path("config").isObject()) {
            return config(message.get("config"), before);
        }
        if (message.size() == 1 && message.path("eof").asInt(0) == 1) {
            return new ClientMessage.Eof();
        }
        if (message.size() == 1 && message.path("reset").asInt(0) == 1) {
            return new ClientMessage.Reset();
        }
        throw invalid("a text message is {\"config\":{...}}, {\"reset\":1} or {\"eof\":1}");
    }

    private ClientMessage.Config config(JsonNode config, ClientMessage.Config before) throws ProtocolException {
        for (Iterator<String> names = config.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KNOWN.contains(name) && !IGNORED.contains(name)) {
                throw invalid("no setting '" + shortened(name) + "'; there are " + new TreeSet<>(KNOWN));
            }
        }
        ClientMessage.Config read = new ClientMessage.Config(
                streamId(config, before.streamId()),
                sampleRate(config, before.sampleRate()),
                encoding(config, before.encoding()),
                integer(config, "channels", before.channels(), 1, MAX_CHANNELS),
                integer(config, "look_ahead", before.lookAhead(), 0, 1000),
                integer(config, "silence_ms", before.silenceMillis(), 1, 60_000),
                phrases(config, before.phrases()),
                flag(config, "partials", before.partials()),
                pairing(config, before.pairing()),
                flag(config, "words", before.words()),
                integer(config, "max_alternatives", before.maxAlternatives(), 0, 1000));
        if (read.pairing() == ClientMessage.Pairing.EACH_MESSAGE && read.channels() > 1) {
            throw invalid("answer_each is for streams of one channel");
        }
        return read;
    }

    private int sampleRate(JsonNode config, int otherwise) throws ProtocolException {
        JsonNode value = config.path("sample_rate");
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        double rate = number(value);
        if (rate == (int) rate && Resampler.accepts((int) rate)) {
            return (int) rate;
        }
        throw invalid("a sample_rate of " + shortened(value.asText()) + " is not understood, only whole numbers from "
                + Resampler.LEAST_RATE + " to " + Resampler.MOST_RATE);
    }

    private static ClientMessage.Pairing pairing(JsonNode config, ClientMessage.Pairing otherwise)
            throws ProtocolException {
        if (!config.hasNonNull("answer_each")) {
            return otherwise;
        }
        return flag(config, "answer_each", false)
                ? ClientMessage.Pairing.EACH_MESSAGE
                : ClientMessage.Pairing.AS_THEY_COME;
    }

    /** A number, or a text that is one, as of a client that has it from a form; NaN if it is neither. */
    private static double number(JsonNode value) {
        if (value.isNumber()) {
            return value.asDouble();
        }
        try {
            return value.isTextual() && value.asText().length() < 20
                    ? Double.parseDouble(value.asText().strip())
                    : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String streamId(JsonNode config, String otherwise) throws ProtocolException {
        JsonNode id = config.path("stream_id");
        if (id.isMissingNode() || id.isNull()) {
            return otherwise;
        }
        if (!id.isTextual() || !STREAM_ID.matcher(id.asText()).matches()) {
            throw invalid("stream_id must be 1 to 128 letters, digits or . _ : -");
        }
        return id.asText();
    }

    private static AudioEncoding encoding(JsonNode config, AudioEncoding otherwise) throws ProtocolException {
        String name = config.path("encoding").asText(otherwise.name()).toUpperCase(Locale.ROOT);
        return Arrays.stream(AudioEncoding.values())
                .filter(each -> each != AudioEncoding.UNKNOWN && each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> invalid("encoding must be pcm_s16le, pcm_f32le or mulaw"));
    }

    private static Integer integer(JsonNode config, String name, Integer otherwise, int least, int most)
            throws ProtocolException {
        JsonNode value = config.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        // Vosk's clients write rates as 8000.0 too.
        double number = number(value);
        if (number != Math.rint(number) || number < least || number > most) {
            throw invalid(name + " must be a whole number from " + least + " to " + most);
        }
        return (int) number;
    }

    private static List<String> phrases(JsonNode config, List<String> otherwise) throws ProtocolException {
        // phrase_list is what Vosk calls them.
        String name = config.hasNonNull("phrases") ? "phrases" : "phrase_list";
        JsonNode value = config.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        List<String> phrases = new ArrayList<>();
        for (JsonNode phrase : value) {
            phrases.add(phrase.isTextual() && phrase.asText().length() <= MAX_PHRASE ? phrase.asText() : null);
        }
        if (!value.isArray() || phrases.size() > MAX_PHRASES || phrases.contains(null)) {
            throw invalid(name + " must be an array of at most " + MAX_PHRASES + " texts of at most " + MAX_PHRASE
                    + " characters");
        }
        return phrases;
    }

    private static boolean flag(JsonNode config, String name, boolean otherwise) throws ProtocolException {
        JsonNode value = config.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        double number = number(value);
        String text = value.asText().toLowerCase(Locale.ROOT);
        if (number == 1 || text.equals("true")) {
            return true;
        }
        if (number == 0 || text.equals("false")) {
            return false;
        }
        throw invalid(name + " must be true or false");
    }

    private static String shortened(String name) {
        return name.length() > 40 ? name.substring(0, 40) + "..." : name;
    }

    private static ProtocolException invalid(String message) {
        return new ProtocolException(ProtocolException.INVALID, message);
    }
}
