package io.millrace.operators.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.ListeningSettings;
import io.millrace.schemas.audio.Resampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChannelAssemblerTest {

    private static final float[] SOUND = SampleSpeech.sound(1, 16_000 * 3 + 777);
    private static final int CHUNK = 1600;
    private static final List<AudioChunk> CHUNKS = SampleSpeech.chunks("s", SOUND, CHUNK);
    private static final List<String> WHOLE = Assembly.of(CHUNKS).described();

    private static List<AudioChunk> without(int... sequences) {
        List<AudioChunk> left = new ArrayList<>(CHUNKS);
        left.removeIf(chunk -> Arrays.stream(sequences).anyMatch(gone -> gone == chunk.getSequence()));
        return left;
    }

    @Test
    void theChunksHoldTheFeaturesOfTheWholeSoundAndThenTheEnd() {
        Assembly assembly = Assembly.of(CHUNKS);
        assertThat(assembly.features()).isEqualTo(new MelFrontEnd(SampleSpeech.CONTRACT.bands()).features(SOUND));
        assertThat(assembly.ends()).containsExactly("END_OF_STREAM");
        AssembledSpeech end = assembly.speech.get(assembly.speech.size() - 1);
        assertThat(end.heardMillis).isEqualTo(SOUND.length / 16);
        assertThat(end.stretchStartTime).isEqualTo(SampleSpeech.START.toEpochMilli());
        assertThat(assembly.speech.get(1).firstFrame).isEqualTo(2);
        assertThat(assembly.givenUp).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 200, 333, 1600, 16_000, 160_000})
    void chunksOfAnyLengthGiveTheSame(int length) {
        assertThat(Assembly.of(SampleSpeech.chunks("s", SOUND, length)).described())
                .isEqualTo(WHOLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 44_100, 48_000})
    void otherRatesAreBroughtToTheModelsAcrossChunkBorders(int rate) {
        float[] sound = SampleSpeech.sound(2, rate);
        List<AudioChunk> chunks = new ArrayList<>();
        for (int from = 0; from < rate; from += rate / 10) {
            float[] part = Arrays.copyOfRange(sound, from, from + rate / 10);
            chunks.add(SampleSpeech.chunk("s", chunks.size(), from, part, rate, AudioEncoding.PCM_F32LE)
                    .setEndOfStream(from + rate / 10 == rate)
                    .build());
        }
        Resampler resampler = new Resampler(rate);
        float[] begin = resampler.push(sound);
        float[] rest = resampler.finish();
        float[] resampled = Arrays.copyOf(begin, begin.length + rest.length);
        System.arraycopy(rest, 0, resampled, begin.length, rest.length);
        assertThat(Assembly.of(chunks).features())
                .isEqualTo(new MelFrontEnd(SampleSpeech.CONTRACT.bands()).features(resampled));
    }

    @Test
    void chunksOutOfOrderAndRepeatsGiveTheSame() {
        List<AudioChunk> mixed = new ArrayList<>(CHUNKS);
        Collections.swap(mixed, 0, 2);
        Collections.swap(mixed, 5, 7);
        Collections.swap(mixed, 10, 11);
        mixed.add(8, CHUNKS.get(3));
        mixed.add(6, CHUNKS.get(7));
        mixed.add(CHUNKS.get(CHUNKS.size() - 1));
        Assembly assembly = Assembly.of(mixed);
        assertThat(assembly.described()).isEqualTo(WHOLE);
        assertThat(assembly.repeated).isEqualTo(3);
        assertThat(assembly.givenUp).isEmpty();
    }

    @Test
    void aMissingChunkIsWaitedForThenFilledWithSilence() {
        Assembly assembly = new Assembly(SampleSpeech.SETTINGS).accept(CHUNKS.subList(0, 4));
        int before = assembly.speech.size();
        assembly.accept(CHUNKS.subList(5, 8)).pass(199);
        assertThat(assembly.speech).hasSize(before);
        assembly.pass(1).accept(CHUNKS.subList(8, CHUNKS.size()));
        float[] silenced = SOUND.clone();
        Arrays.fill(silenced, 4 * CHUNK, 5 * CHUNK, 0);
        assertThat(assembly.features()).isEqualTo(new MelFrontEnd(SampleSpeech.CONTRACT.bands()).features(silenced));
        assertThat(assembly.filledMillis).isEqualTo(100);
        assertThat(assembly.speech.get(assembly.speech.size() - 1).filledMillis).isEqualTo(100);
    }

    @Test
    void whatIsHeardDoesNotDependOnWhetherTimeOrNumberEndedTheWait() {
        Assembly byNumber = Assembly.of(without(4));
        Assembly byTime = new Assembly(SampleSpeech.SETTINGS)
                .accept(CHUNKS.subList(0, 4))
                .accept(CHUNKS.get(5))
                .pass(200)
                .accept(CHUNKS.subList(6, CHUNKS.size()));
        assertThat(byNumber.described()).isEqualTo(byTime.described());
    }

    @Test
    void aChunkThatComesAfterItsGapWasFilledIsGivenUpAsLateOnce() {
        Assembly assembly = Assembly.of(without(4, CHUNKS.size() - 1)).accept(CHUNKS.get(4), CHUNKS.get(4));
        assertThat(assembly.givenUp).containsExactly("4 LATE chunk 4 came after its gap was filled");
        assertThat(assembly.repeated).isOne();
    }

    @Test
    void agapBeyondTheLimitEndsTheStretchAndBeginsAnotherWhereAudioGoesOn() {
        long far = 16_000L * 60;
        float[] later = SampleSpeech.sound(3, 8000);
        Assembly assembly = new Assembly(SampleSpeech.SETTINGS)
                .accept(CHUNKS.subList(0, 4))
                .accept(SampleSpeech.chunk("s", 4, far, later)
                        .setEndOfStream(true)
                        .build());
        assertThat(assembly.ends()).containsExactly("GAP", "END_OF_STREAM");
        List<AssembledSpeech> second = assembly.speech.stream()
                .filter(piece -> piece.stretchStartMillis == 60_000)
                .toList();
        assertThat(second.get(0).firstFrame).isZero();
        assertThat(second.get(0).stretchStartTime)
                .isEqualTo(SampleSpeech.START.plusSeconds(60).toEpochMilli());
        assertThat(second.get(second.size() - 1).heardMillis).isEqualTo(500);
        assertThat(assembly.filledMillis).isZero();
    }

    @Test
    void aStreamMetInItsMidstBeginsThereOnceNothingEarlierHasCome() {
        Assembly assembly = new Assembly(SampleSpeech.SETTINGS)
                .accept(CHUNKS.subList(10, 12))
                .pass(200);
        assertThat(assembly.speech).isNotEmpty().allMatch(piece -> piece.stretchStartMillis == 1000);
        assertThat(assembly.filledMillis).isZero();
    }

    @Test
    void anIdleStreamIsEndedAndForgottenAndMayGoOn() {
        Assembly assembly =
                new Assembly(SampleSpeech.SETTINGS).accept(CHUNKS.subList(0, 5)).pass(29_999);
        assertThat(assembly.ends()).isEmpty();
        assembly.pass(1);
        assertThat(assembly.ends()).containsExactly("IDLE");
        float[] heard = Arrays.copyOf(SOUND, 5 * CHUNK);
        assertThat(assembly.features())
                .as("the last frames are padded, not lost")
                .isEqualTo(new MelFrontEnd(SampleSpeech.CONTRACT.bands()).features(heard));
        assembly.accept(CHUNKS.subList(5, 7));
        assertThat(assembly.speech.get(assembly.speech.size() - 1).stretchStartMillis)
                .isEqualTo(500);
        assembly.pass(30_000).pass(30_000);
        assertThat(assembly.ends()).containsExactly("IDLE", "IDLE");
        assertThat(assembly.state).as("nothing is kept of it").isNull();
    }

    @Test
    void repeatsOfAStreamThatIsOverDoNotBeginItAgain() {
        Assembly assembly = Assembly.of(CHUNKS);
        int given = assembly.speech.size();
        assembly.accept(CHUNKS);
        assertThat(assembly.speech).hasSize(given);
        assertThat(assembly.repeated).isEqualTo(CHUNKS.size());
        assembly.pass(30_000);
        assertThat(assembly.state).isNull();
    }

    @Test
    void aStreamOfTheSameNameThatBeginsAnewIsHeardFromItsStart() {
        List<AudioChunk> again = CHUNKS.stream()
                .map(chunk -> AudioChunk.newBuilder(chunk)
                        .setEventTime(chunk.getEventTime().plusSeconds(3600))
                        .build())
                .toList();
        List<String> twice = new ArrayList<>(WHOLE);
        twice.addAll(WHOLE);
        assertThat(Assembly.of(CHUNKS).accept(again).described())
                .as("after its end")
                .isEqualTo(twice);
        Assembly brokenOff =
                new Assembly(SampleSpeech.SETTINGS).accept(CHUNKS.subList(0, 9)).accept(again);
        assertThat(brokenOff.ends()).containsExactly("RESTART", "END_OF_STREAM");
        assertThat(brokenOff.described()).endsWith(WHOLE.toArray(String[]::new));
    }

    @Test
    void corruptChunksAreGivenUpWithTheReasonAndTheStreamLivesOn() {
        AudioChunk odd = AudioChunk.newBuilder(CHUNKS.get(3))
                .setEncoding(AudioEncoding.PCM_S16LE)
                .setData(java.nio.ByteBuffer.allocate(3))
                .build();
        AudioChunk otherRate =
                AudioChunk.newBuilder(CHUNKS.get(5)).setSampleRate(8000).build();
        AudioChunk overlapping = AudioChunk.newBuilder(CHUNKS.get(7))
                .setSampleOffset(7 * CHUNK - 1)
                .build();
        List<AudioChunk> chunks = new ArrayList<>(CHUNKS);
        chunks.set(3, odd);
        chunks.set(5, otherRate);
        chunks.set(7, overlapping);
        Assembly assembly = Assembly.of(chunks);
        assertThat(assembly.givenUp)
                .containsExactlyInAnyOrder(
                        "3 INVALID_RECORD 3 bytes are no whole number of samples of 2 bytes",
                        "5 INVALID_RECORD sample rate changed from 16000 to 8000",
                        "7 INVALID_RECORD begins at sample 11199, the chunk before it ended at 11200");
        assertThat(assembly.ends()).containsExactly("END_OF_STREAM");
        assertThat(assembly.filledMillis).isEqualTo(300);
    }

    @Test
    void drainingHearsWhatWaitsAndEndsTheStream() {
        Assembly drained = new Assembly(SampleSpeech.SETTINGS)
                .accept(CHUNKS.subList(0, 4))
                .accept(CHUNKS.get(5))
                .drain();
        assertThat(drained.ends()).containsExactly("END_OF_STREAM");
        assertThat(drained.filledMillis).isEqualTo(100);
        assertThat(new Assembly(SampleSpeech.SETTINGS)
                        .accept(CHUNKS.get(9))
                        .drain()
                        .ends())
                .as("a stream whose start had not come")
                .containsExactly("END_OF_STREAM");
    }

    @Test
    void aStreamMayAskForItsOwnLookAheadAndSilence() {
        List<AudioChunk> asking = new ArrayList<>(CHUNKS);
        asking.set(
                0,
                AudioChunk.newBuilder(CHUNKS.get(0))
                        .setListening(new ListeningSettings(3, 450, List.of()))
                        .build());
        assertThat(Assembly.of(asking).speech).allMatch(piece -> piece.lookAhead == 3 && piece.silenceMillis == 450);
        asking.set(
                0,
                AudioChunk.newBuilder(CHUNKS.get(0))
                        .setListening(new ListeningSettings(2, null, List.of()))
                        .build());
        assertThat(Assembly.of(asking).speech)
                .as("a look-ahead that the model does not serve")
                .allMatch(piece -> piece.lookAhead == 1 && piece.silenceMillis == 0);
    }

    @Test
    void aStreamMayAskForAnotherLookAheadUnderWay() {
        List<AudioChunk> asking = new ArrayList<>(CHUNKS);
        for (int i : new int[] {0, 12}) {
            ListeningSettings wanted = i == 0
                    ? new ListeningSettings(3, null, List.of())
                    : new ListeningSettings(0, 450, List.of(" call  me ", "", "back", "x".repeat(101)));
            asking.set(
                    i, AudioChunk.newBuilder(CHUNKS.get(i)).setListening(wanted).build());
        }
        List<AssembledSpeech> speech = Assembly.of(asking).speech;
        List<Integer> lookAheads =
                speech.stream().map(piece -> piece.lookAhead).distinct().toList();
        assertThat(lookAheads).containsExactly(3, 0);
        AssembledSpeech first = speech.stream()
                .filter(piece -> piece.lookAhead == 0)
                .findFirst()
                .orElseThrow();
        assertThat(first.heardMillis)
                .as("from the twelfth tenth of a second on")
                .isBetween(1200L - 240, 1300L);
        assertThat(first.silenceMillis).isEqualTo(450);
        assertThat(first.phrases).containsExactly("call me", "back");
        assertThat(speech.get(0).phrases).isEmpty();
        for (int i = 1; i < speech.size(); i++) {
            assertThat(speech.get(i).firstFrame)
                    .as("no frame is left out or heard twice")
                    .isEqualTo(speech.get(i - 1).firstFrame + encoderFrames(speech.get(i - 1)));
        }
    }

    private static int encoderFrames(AssembledSpeech piece) {
        return piece.isEnd() ? 0 : (piece.frames + 7) / 8 - piece.drop;
    }

    @Test
    void anEmptyStreamHasAnEndAndNothingElse() {
        Assembly assembly = Assembly.of(List.of(
                SampleSpeech.chunk("s", 0, 0, new float[0]).setEndOfStream(true).build()));
        assertThat(assembly.speech).hasSize(1);
        assertThat(assembly.ends()).containsExactly("END_OF_STREAM");
    }

    @Test
    void aChunkThatMakesTheAssemblerThrowIsGivenUpAndTheRestIsHeardAsIfItWereLost() {
        List<String> lost =
                new Assembly(SampleSpeech.SETTINGS).accept(without(4)).pass(200).described();
        List<AudioChunk> order = new ArrayList<>(CHUNKS);
        AudioChunk poison = AudioChunk.newBuilder(CHUNKS.get(4))
                .setListening(ListeningSettings.newBuilder().build())
                .build();
        poison.getListening().setPhrases(null);
        order.set(4, poison);
        for (boolean waited : new boolean[] {false, true}) {
            if (waited) {
                Collections.swap(order, 3, 4);
            }
            Assembly assembly = Assembly.of(order);
            assertThat(assembly.described()).isEqualTo(lost);
            assertThat(assembly.givenUp).hasSize(1).first().asString().startsWith("4 INVALID_RECORD cannot be heard: ");
        }
    }

    @Test
    void aPieceNamesTheRecordsThatItWasMadeOf() {
        Assembly assembly = Assembly.of(CHUNKS);
        long since = 100;
        for (AssembledSpeech piece : assembly.speech) {
            assertThat(piece.sinceOffset).isEqualTo(since);
            assertThat(piece.origin.offset()).isGreaterThanOrEqualTo(since);
            since = piece.isEnd() ? since : piece.origin.offset();
        }
        AssembledSpeech end = assembly.speech.get(assembly.speech.size() - 1);
        assertThat(end.origin.offset()).isEqualTo(100 + CHUNKS.size() - 1);
        DeadLetter letter = new SpeechMapping(new io.millrace.operators.features.FeatureDraw(0))
                .deadLetter(end, DeadLetterReason.MODEL_FAILURE, "no");
        assertThat(letter.getTopic()).isEqualTo("audio");
        assertThat(letter.getPartition()).isEqualTo(1);
        assertThat(letter.getOffset()).isEqualTo(end.origin.offset());
    }
}
