package io.millrace.connectors.audio.live;

import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;

/** Writes the text messages to clients, results as Vosk's server has them. */
public final class ServerMessages {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final TranscriptAlternative NOTHING_SAID = new TranscriptAlternative("", 1.0, List.of());

    private ServerMessages() {}

    /** The answer to a config: the audio may come. */
    public static String ready(String streamId) {
        return NODES.objectNode().put("stream_id", streamId).toString();
    }

    /** What went wrong; the connection is closed after it. */
    public static String error(String message) {
        return NODES.objectNode().put("error", message).toString();
    }

    /** Something that the client should know; nothing is closed. */
    public static String warning(String message) {
        return NODES.objectNode().put("warning", message).toString();
    }

    /** What is answered to audio in which nothing has been heard. */
    public static String nothing() {
        return NODES.objectNode().put("partial", "").toString();
    }

    /**
     * A result: {@code {"partial":"..."}} or {@code {"text":"...","result":[{"word","start","end","conf"}]}}, times in
     * seconds from the start of the stream. In a stream of several channels it has a {@code channel}, from 0. Where
     * alternatives were asked for, a final is {@code {"alternatives":[{"confidence","text","result"}]}}.
     *
     * @param shiftSeconds added to all times
     */
    public static String result(Transcript transcript, ClientMessage.Config config, double shiftSeconds) {
        List<TranscriptAlternative> alternatives = transcript.getAlternatives();
        ObjectNode message;
        if (!transcript.getIsFinal()) {
            message = NODES.objectNode()
                    .put(
                            "partial",
                            alternatives.isEmpty() ? "" : alternatives.get(0).getTranscript());
        } else {
            message = finalOf(alternatives, config, shiftSeconds);
        }
        if (config.channels() > 1) {
            message.put("channel", transcript.getChannel());
        }
        return message.toString();
    }

    /** A final as {@link #result} writes it, without a channel. */
    public static String finalResult(
            List<TranscriptAlternative> alternatives, ClientMessage.Config config, double shiftSeconds) {
        return finalOf(alternatives, config, shiftSeconds).toString();
    }

    private static ObjectNode finalOf(
            List<TranscriptAlternative> alternatives, ClientMessage.Config config, double shiftSeconds) {
        ObjectNode message = NODES.objectNode();
        List<TranscriptAlternative> all = alternatives.isEmpty() ? List.of(NOTHING_SAID) : alternatives;
        if (config.maxAlternatives() == 0) {
            one(all.get(0), config, shiftSeconds, message);
            return message;
        }
        ArrayNode list = message.putArray("alternatives");
        for (TranscriptAlternative each : all.subList(0, Math.min(all.size(), config.maxAlternatives()))) {
            one(each, config, shiftSeconds, list.addObject().put("confidence", each.getConfidence()));
        }
        return message;
    }

    private static void one(
            TranscriptAlternative alternative, ClientMessage.Config config, double shiftSeconds, ObjectNode to) {
        to.put("text", alternative.getTranscript());
        if (!config.words() || alternative.getWords().isEmpty()) {
            return;
        }
        ArrayNode words = to.putArray("result");
        for (RecognisedWord word : alternative.getWords()) {
            words.addObject()
                    .put("word", word.getWord())
                    .put("start", seconds(word.getStartMs(), shiftSeconds))
                    .put("end", seconds(word.getEndMs(), shiftSeconds))
                    .put("conf", word.getConfidence());
        }
    }

    private static double seconds(long millis, double shiftSeconds) {
        return Math.round(millis + 1000 * shiftSeconds) / 1000.0;
    }
}
