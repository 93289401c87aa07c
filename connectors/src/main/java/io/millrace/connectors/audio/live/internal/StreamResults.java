package io.millrace.connectors.audio.live.internal;

import java.util.BitSet;

import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.Transcript;

/** Which results of a stream go to its client, and when all are there. */
final class StreamResults {
    private final int channels;
    private boolean partials;
    private final BitSet ended = new BitSet();

    StreamResults(int channels, boolean partials) {
        this.channels = channels;
        this.partials = partials;
    }

    void wantPartials(boolean wanted) {
        partials = wanted;
    }

    /** Takes note of a result; tells whether with it every channel has been heard to its end. */
    boolean endedBy(Transcript transcript) {
        if (transcript.getIsFinal() && transcript.getEndedBy() == EndOfUtterance.END_OF_STREAM) {
            ended.set(transcript.getChannel());
        }
        return ended.cardinality() == channels;
    }

    /**
     * Whether the client is to get a result: not what has no words, the last one aside, for which clients of Vosk wait.
     *
     * @param last whether it is the last of the stream
     */
    boolean wanted(Transcript transcript, boolean last) {
        if (!transcript.getIsFinal()) {
            return partials;
        }
        return last || !transcript.getAlternatives().isEmpty();
    }
}
