package io.millrace.jobs.speech;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.millrace.models.speech.evaluation.WordErrors;

/**
 * What was heard in a stream, or in an utterance of one whose truth nobody knows.
 *
 * @param streamId the stream
 * @param at when its first word was said
 * @param heard the words heard, with spaces between them
 * @param said the words said; null where they are not known
 * @param cut whether the stream was ended in its midst, so that more was heard than {@code said} has
 */
record HeardStream(String streamId, Instant at, String heard, String said, boolean cut) {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    /** Errors against what was said; none where that is not known as a whole. */
    WordErrors errors() {
        return said == null || cut ? WordErrors.NONE : WordErrors.of(words(said), words(heard));
    }

    private static List<String> words(String text) {
        String plain = text.toLowerCase(Locale.ROOT).strip();
        return plain.isEmpty() ? List.of() : Arrays.asList(plain.split("\\s+"));
    }

    /** Time, stream and words, beside what was said. */
    String line() {
        String words = heard.isEmpty() ? "(nothing)" : heard;
        return "HEARD " + CLOCK.format(at) + "  " + streamId + ": " + words + truth();
    }

    private String truth() {
        if (cut) {
            return "  (cut short)";
        }
        if (said == null) {
            return "";
        }
        return errors().errors() == 0 ? "  (as said)" : "  (said: " + said + ")";
    }
}
