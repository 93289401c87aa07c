package io.millrace.jobs.deadletter;

import java.nio.ByteBuffer;
import java.util.Base64;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.DeadLetter;

/** Dead letters as JSON for other programs. */
public final class LetterJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LetterJson() {}

    /** A letter without its value as one JSON object; a key that is no text is in {@code key_base64}. */
    public static String line(LetterAddress address, DeadLetter letter) {
        ObjectNode node = JSON.createObjectNode()
                .put("letter", address.toString())
                .put("failed_time", letter.getFailedTime().toString())
                .put("stage", letter.getStage())
                .put("step", letter.getStep())
                .put("reason", letter.getReason().name())
                .put("message", letter.getMessage())
                .put("topic", letter.getTopic())
                .put("partition", letter.getPartition())
                .put("offset", letter.getOffset())
                .put("value_bytes", valueBytes(letter))
                .put("cut_bytes", letter.getCutBytes());
        ByteBuffer key = letter.getKey();
        if (key != null) {
            LetterText.text(key)
                    .ifPresentOrElse(
                            text -> node.put("key", text),
                            () -> node.put("key_base64", Base64.getEncoder().encodeToString(LetterText.bytes(key))));
        }
        return node.toString();
    }

    private static Long valueBytes(DeadLetter letter) {
        if (letter.getValueBytes() != null) {
            return letter.getValueBytes();
        }
        return letter.getValue() == null ? null : Long.valueOf(letter.getValue().remaining());
    }
}
