package io.millrace.connectors.audio.live;

import java.time.Instant;
import java.util.List;

import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;

/** Results for tests. */
final class Transcripts {
    private Transcripts() {}

    static Transcript partial(String stream, String text) {
        return transcript(stream, 0, text, false, null);
    }

    static Transcript end(String stream, int channel, String text) {
        return transcript(stream, channel, text, true, EndOfUtterance.END_OF_STREAM);
    }

    static Transcript transcript(String stream, int channel, String text, boolean isFinal, EndOfUtterance endedBy) {
        List<RecognisedWord> words =
                !isFinal || text == null ? List.of() : List.of(new RecognisedWord(text, 480L, 960L, 0.75));
        return Transcript.newBuilder()
                .setUtteranceId(stream + "-0")
                .setStreamId(stream)
                .setChannel(channel)
                .setUtterance(0)
                .setIsFinal(isFinal)
                .setEndedBy(endedBy)
                .setStability(1)
                .setAlternatives(text == null ? List.of() : List.of(new TranscriptAlternative(text, 0.75, words)))
                .setAudioProcessed(1)
                .setLookAhead(6)
                .setModel("m")
                .setModelVersion("1")
                .setEventTime(Instant.EPOCH)
                .build();
    }
}
