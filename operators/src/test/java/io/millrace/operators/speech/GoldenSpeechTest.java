package io.millrace.operators.speech;

import java.util.List;

import io.millrace.models.streaming.ModelId;
import io.millrace.operators.GoldenRecord;
import io.millrace.operators.GoldenSavepoint;
import io.millrace.operators.source.Origin;
import io.millrace.schemas.AudioChunk;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.junit.jupiter.api.Test;

/** What the speech stage keeps beside its model: half-heard stretches, and chunks that wait for one before them. */
class GoldenSpeechTest {

    private static final List<AudioChunk> CHUNKS = SampleSpeech.chunks("call", SampleSpeech.sound(3, 16_000), 1_600);

    private static final Origin ORIGIN = new Origin("audio", 1, 100, 1_000);

    private final GoldenSavepoint<SpeechAssemblerHarness> heard = new GoldenSavepoint<>(
            "speech-assemble",
            SpeechAssemblerHarness::on,
            harness -> harness.send(List.of(CHUNKS.get(0), CHUNKS.get(1), CHUNKS.get(2), CHUNKS.get(4))));

    @Test
    void halfHeardAudioIsGoneOnWith() throws Exception {
        heard.check(
                "going-on",
                harness -> {
                    harness.send(List.of(CHUNKS.get(3)));
                    harness.send(CHUNKS.subList(5, CHUNKS.size()));
                    harness.endOfInput();
                },
                harness -> harness.answers().stream().map(Object::toString).toList());
    }

    @Test
    void whatTheEndGivesBearsTheTimeOfTheLatestRecordSeen() throws Exception {
        heard.check(
                "end",
                SpeechAssemblerHarness::endOfInput,
                harness -> harness.extractOutputStreamRecords().stream()
                        .map(record -> record.getTimestamp() + " " + Assembly.described(record.getValue()))
                        .toList());
    }

    private static AssembledSpeech piece() {
        AssembledSpeech piece = new AssembledSpeech();
        piece.streamId = "call";
        piece.channel = 1;
        piece.stretchStartMillis = 2;
        piece.stretchStartTime = 3;
        piece.mel = new float[] {0.5f, -1};
        piece.frames = 4;
        piece.drop = 5;
        piece.firstFrame = 6;
        piece.lookAhead = 7;
        piece.silenceMillis = 8;
        piece.phrases = List.of("nine", "ten");
        piece.heardMillis = 11;
        piece.filledMillis = 12;
        piece.origin = ORIGIN;
        piece.sinceOffset = 13;
        piece.endedBy = "SILENCE";
        return piece;
    }

    @Test
    void recordsThatWaitForTheModelAreRead() throws Exception {
        GoldenRecord.check(TypeInformation.of(AssembledSpeech.class), piece());
    }

    @Test
    void whatWasHeardIsRead() throws Exception {
        HeardSpeech heard = HeardSpeech.end(piece(), new ModelId("m", "1"));
        heard.best = new long[] {1, 2};
        heard.bestLogProbabilities = new float[] {-1, -2};
        heard.tokens = new int[] {3};
        heard.tokenFrames = new long[] {4};
        heard.tokenLogProbabilities = new float[] {-5};
        heard.beamWidth = 6;
        heard.beamSymbols = 7;
        heard.beamParents = new int[] {8};
        heard.beamTokens = new int[] {9};
        heard.beamLogProbabilities = new float[] {-10};
        GoldenRecord.check(TypeInformation.of(HeardSpeech.class), heard);
    }

    @Test
    void whatIsKeptOfAnUtteranceIsRead() throws Exception {
        UtteranceState state = UtteranceState.beginning(3);
        state.utterance = 4;
        state.shown = 5;
        state.frames = 6;
        state.counts = new int[] {1, 1};
        state.tokens = new int[] {7, 8};
        state.tokenFrames = new long[] {9, 10};
        state.tokenLogProbabilities = new float[] {-11, -12};
        GoldenRecord.check(TypeInformation.of(UtteranceState.class), state);
    }

    @Test
    void whatIsKeptOfAChannelIsRead() throws Exception {
        ChannelState state = new ChannelState();
        state.phase = ChannelState.Phase.HEARD.name();
        state.nextSequence = 1;
        state.nextOffset = 2;
        state.sampleRate = 3;
        state.lastEventTime = 4;
        state.waiting = List.of(SampleSpeech.traced(CHUNKS.get(9)));
        state.lost = List.of(5L, 6L);
        state.waitingSince = 7;
        state.lastChunkAt = 8;
        state.timer = 9;
        StretchState stretch = new StretchState();
        stretch.streamId = "call";
        stretch.channel = 10;
        stretch.startMillis = 11;
        stretch.startTime = 12;
        stretch.lookAhead = 13;
        stretch.askedLookAhead = 14;
        stretch.silenceMillis = 15;
        stretch.phrases = List.of("sixteen");
        stretch.origin = ORIGIN;
        stretch.sinceOffset = 17;
        stretch.filledSamples = 18;
        stretch.taken = 19;
        stretch.given = 20;
        stretch.history = new float[] {21};
        stretch.kept = new float[] {22};
        stretch.previous = 23;
        stretch.samples = 24;
        stretch.mel = new float[] {25};
        stretch.before = 26;
        stretch.position = 27;
        stretch.leastLagMicros = 28;
        stretch.calmMillis = 29;
        state.stretch = stretch;
        GoldenRecord.check(TypeInformation.of(ChannelState.class), state);
    }
}
