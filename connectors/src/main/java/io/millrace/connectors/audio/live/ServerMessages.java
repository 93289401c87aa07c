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

    /**
     * A result: {@code {"partial":"..."}} or {@code {"text":"...","result":[{"word","start","end","conf"}]}}, times in
     * seconds from the start of the stream. In a stream of several channels it has a {@code channel}, from 0.
     */
    public static String result(Transcript transcript, int channels) {
        List<TranscriptAlternative> alternatives = transcript.getAlternatives();
        String text = alternatives.isEmpty() ? "" : alternatives.get(0).getTranscript();
        ObjectNode message = NODES.objectNode();
        if (transcript.getIsFinal()) {
            message.put("text", text);
            if (!alternatives.isEmpty() && !alternatives.get(0).getWords().isEmpty()) {
                words(alternatives.get(0).getWords(), message.putArray("result"));
            }
        } else {
            message.put("partial", text);
        }
        if (channels > 1) {
            message.put("channel", transcript.getChannel());
        }
        return message.toString();
    }

    private static void words(List<RecognisedWord> words, ArrayNode to) {
        for (RecognisedWord word : words) {
            to.addObject()
                    .put("word", word.getWord())
                    .put("start", word.getStartMs() / 1000.0)
                    .put("end", word.getEndMs() / 1000.0)
                    .put("conf", word.getConfidence());
        }
    }
}
