package io.millrace.operators.speech;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.streaming.ModelId;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Transcript;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TranscriptsTest {

    private static final int ALPHA = 0;
    private static final int BRAVO = 1;
    private static final int BLANK = 3;

    private final List<Transcript> given = new ArrayList<>();
    private UtteranceState state;
    private long frame;

    private static Transcripts transcripts(UtteranceDecoder.Head head) {
        return new Transcripts(SampleSpeech.CONTRACT, new DecodingSettings(head, Duration.ofMillis(400)));
    }

    private AssembledSpeech piece() {
        AssembledSpeech piece = new AssembledSpeech();
        piece.streamId = "call";
        piece.channel = 1;
        piece.stretchStartMillis = 5000;
        piece.stretchStartTime = SampleSpeech.START.toEpochMilli();
        piece.firstFrame = frame;
        piece.lookAhead = 1;
        piece.filledMillis = 40;
        return piece;
    }

    private List<Transcript> hear(int... best) {
        float[] certain = new float[best.length];
        Arrays.fill(certain, (float) Math.log(0.9));
        AssembledSpeech piece = piece();
        frame += best.length;
        piece.heardMillis = frame * 80;
        SpeechFrames frames = new SpeechFrames(
                piece.firstFrame, Arrays.stream(best).asLongStream().toArray(), certain, List.of());
        return take(HeardSpeech.of(piece, frames, new ModelId("m", "7")));
    }

    private List<Transcript> end(EndOfUtterance reason) {
        AssembledSpeech piece = piece();
        piece.heardMillis = frame * 80 + 5;
        piece.endedBy = reason.name();
        return take(HeardSpeech.end(piece, new ModelId("m", "7")));
    }

    private List<Transcript> take(HeardSpeech heard) {
        given.clear();
        state = transcripts(UtteranceDecoder.Head.CTC).accept(state, heard, given::add);
        return given;
    }

    private static String text(Transcript transcript) {
        return transcript.getAlternatives().isEmpty()
                ? null
                : transcript.getAlternatives().get(0).getTranscript();
    }

    @Test
    void aPartialResultSaysWhatIsKnownSoFarAndTheFinalHasItsId() {
        Transcript first = hear(BLANK, ALPHA).get(0);
        assertThat(text(first)).isEqualTo("alpha");
        assertThat(first.getIsFinal()).isFalse();
        assertThat(first.getEndedBy()).isNull();
        assertThat(first.getStability()).isZero();
        Transcript second = hear(BLANK, BRAVO).get(0);
        assertThat(text(second)).isEqualTo("alpha bravo");
        assertThat(second.getStability()).isEqualTo(0.5);
        assertThat(hear(BLANK, BLANK)).as("nothing new").isEmpty();
        Transcript last = hear(BLANK, BLANK, BLANK, BLANK).get(0);
        assertThat(last.getIsFinal()).isTrue();
        assertThat(last.getEndedBy()).isEqualTo(EndOfUtterance.SILENCE);
        assertThat(last.getStability()).isEqualTo(1);
        assertThat(last.getUtteranceId()).isEqualTo(first.getUtteranceId()).isEqualTo(second.getUtteranceId());
        Transcript next = hear(ALPHA).get(0);
        assertThat(next.getUtterance()).isEqualTo(1);
        assertThat(next.getUtteranceId()).isNotEqualTo(first.getUtteranceId());
    }

    @Test
    void timesAreThoseOfTheChannelAndOfTheEvent() {
        hear(BLANK, BLANK, ALPHA, ALPHA);
        Transcript transcript = end(EndOfUtterance.END_OF_STREAM).get(0);
        RecognisedWord word = transcript.getAlternatives().get(0).getWords().get(0);
        assertThat(word.getStartMs()).isEqualTo(5000 + 160);
        assertThat(word.getEndMs()).isEqualTo(5000 + 240);
        assertThat(word.getConfidence()).isCloseTo(0.9, within(1e-6));
        assertThat(transcript.getAlternatives().get(0).getConfidence()).isCloseTo(0.9, within(1e-6));
        assertThat(transcript.getStartTime()).isEqualTo(SampleSpeech.START.plusMillis(160));
        assertThat(transcript.getEventTime()).isEqualTo(SampleSpeech.START.plusMillis(325));
        assertThat(transcript.getAudioProcessed()).isEqualTo(5.325);
        assertThat(transcript.getGapsFilled()).isEqualTo(0.04);
        assertThat(transcript.getStretchStartMs()).isEqualTo(5000);
        assertThat(transcript.getStreamId()).isEqualTo("call");
        assertThat(transcript.getChannel()).isEqualTo(1);
        assertThat(transcript.getModel() + transcript.getModelVersion()).isEqualTo("m7");
    }

    @Test
    void loudnessThatCameInEarlierChunksTellsWhereAWordBegins() {
        byte[] levels = new byte[8];
        for (int chunk = 0; chunk < 20; chunk++) {
            // Loud from the fifth chunk on, and the word comes out with the tenth.
            Arrays.fill(levels, (byte) (chunk < 5 || chunk > 10 ? -100 : 0));
            AssembledSpeech piece = piece();
            frame++;
            piece.heardMillis = frame * 80;
            take(HeardSpeech.of(
                    piece,
                    new SpeechFrames(
                            piece.firstFrame,
                            new long[] {chunk == 10 ? ALPHA : BLANK},
                            new float[1],
                            List.of(),
                            null,
                            new float[0],
                            chunk == 0 ? new byte[] {-100} : levels),
                    new ModelId("m", "7")));
            if (!given.isEmpty() && given.get(0).getIsFinal()) {
                break;
            }
        }
        RecognisedWord word = given.get(0).getAlternatives().get(0).getWords().get(0);
        // A frame more at either side, since levels are smoothed.
        assertThat(word.getStartMs()).isEqualTo(5000 + 10 * (4 * 8));
        assertThat(word.getEndMs()).isEqualTo(5000 + 10 * (2 + 10 * 8));
    }

    @Test
    void everyStretchEndsWithOneFinalThatSaysWhyAndNothingIsKept() {
        hear(ALPHA);
        assertThat(end(EndOfUtterance.GAP)).singleElement().satisfies(last -> {
            assertThat(text(last)).isEqualTo("alpha");
            assertThat(last.getEndedBy()).isEqualTo(EndOfUtterance.GAP);
        });
        assertThat(state).isNull();
        frame = 0;
        hear(BLANK, BLANK);
        assertThat(end(EndOfUtterance.IDLE)).singleElement().satisfies(last -> {
            assertThat(last.getIsFinal()).isTrue();
            assertThat(last.getAlternatives()).isEmpty();
            assertThat(last.getStartTime()).isNull();
        });
    }

    @Test
    void aTokenThatGoesOnOverAChunkBorderIsOneAlsoAfterARestore() {
        hear(BLANK, ALPHA);
        assertThat(hear(ALPHA, ALPHA)).isEmpty();
        hear(BLANK, ALPHA);
        assertThat(text(end(EndOfUtterance.END_OF_STREAM).get(0))).isEqualTo("alpha alpha");
    }

    @Test
    void theTransducersTokensCountWhereItIsAskedAndInTheStretchsFrames() {
        AssembledSpeech piece = piece();
        piece.firstFrame = 10;
        SpeechFrames output = new SpeechFrames(
                0, new long[] {BLANK, BLANK}, new float[2], List.of(new Emission(BRAVO, 1, (float) Math.log(0.5))));
        HeardSpeech heard = HeardSpeech.of(piece, output, new ModelId("m", "1"));
        UtteranceState after = transcripts(UtteranceDecoder.Head.RNNT).accept(null, heard, given::add);
        RecognisedWord word = given.get(0).getAlternatives().get(0).getWords().get(0);
        assertThat(word.getWord()).isEqualTo("bravo");
        assertThat(word.getStartMs()).isEqualTo(5000 + 11 * 80);
        assertThat(after.frames).isEqualTo(12);
    }

    @Test
    void aStreamMayHaveAnotherSilence() {
        hear(ALPHA);
        AssembledSpeech piece = piece();
        piece.silenceMillis = 80;
        SpeechFrames silence = new SpeechFrames(frame, new long[] {BLANK, BLANK}, new float[2], List.of());
        assertThat(take(HeardSpeech.of(piece, silence, new ModelId("m", "7"))))
                .singleElement()
                .matches(Transcript::getIsFinal);
    }
}
