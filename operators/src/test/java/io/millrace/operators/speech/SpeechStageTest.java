package io.millrace.operators.speech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.Transcriber;
import io.millrace.models.speech.decoding.Hypothesis;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Transcript;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The steps of the stage one after another, against the transcriber that does them in one object. */
class SpeechStageTest {

    /** Minutes of the long stream: {@code -Dmillrace.speech.minutes=60} for an hour. */
    private static final int MINUTES = Integer.getInteger("millrace.speech.minutes", 12);

    @TempDir
    private Path folder;

    private final List<Transcript> finals = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "CTC, 0, 480, 1",
        "CTC, 1, 1600, 1",
        "CTC, 3, 24000, 1",
        "RNNT, 0, 1600, 1",
        "RNNT, 3, 80, 1",
        "CTC, 1, 480, 4",
        "RNNT, 0, 1600, 3"
    })
    void finalsAreThoseOfTheTranscriberOverTheWholeSound(
            UtteranceDecoder.Head head, int lookAhead, int length, int beam) {
        Search search = new Search(head, beam, beam == 1 ? List.of() : List.of("india", "golf hotel"), 0.5);
        SpeechModel model = SmallSpeechModel.write(folder, SmallSpeechModel.TALKATIVE);
        float[] sound = SampleSpeech.sound(5, 16_000 * 5 + 123);
        SpeechContract contract = SpeechContract.of(model);
        Transcripts transcripts = new Transcripts(contract, new DecodingSettings(head, Duration.ofMillis(240)));
        List<Hypothesis> expected = new ArrayList<>();
        try (FastConformerModel network = new FastConformerModel(model, Device.cpu(), search, CachePrecision.FLOAT32);
                Transcriber transcriber =
                        new Transcriber(network, model.tokens(), new Transcriber.Settings(lookAhead, head, 0.24));
                NDManager manager = NDManager.newBaseManager();
                DenseStateBatch states = new DenseStateBatch(network.stateSpec(), 1, manager)) {
            expected.addAll(transcriber.accept(sound, sound.length));
            expected.removeIf(hypothesis -> !hypothesis.isFinal());
            expected.addAll(transcriber.finish());

            SpeechMapping mapping = new SpeechMapping(FeatureDraw.NONE);
            Stage stage = new Stage(network, states, mapping, transcripts);
            ChannelAssembler assembler = new ChannelAssembler(SampleSpeech.settings(lookAhead), contract, stage);
            ChannelState state = null;
            for (AudioChunk chunk : SampleSpeech.chunks("s", sound, length)) {
                state = assembler.accept(state, SampleSpeech.traced(chunk), 0);
            }
        }
        Transcript last = finals.get(finals.size() - 1);
        if (last.getAlternatives().isEmpty()) {
            finals.remove(last);
        }
        assertThat(finals).extracting(Transcript::getUtterance).doesNotHaveDuplicates();
        assertThat(finals)
                .flatExtracting(SpeechStageTest::timed)
                .isEqualTo(expected.stream()
                        .flatMap(hypothesis -> hypothesis.words().stream())
                        .map(word -> word.text() + " " + Math.round(1000 * word.startSeconds()) + "-"
                                + Math.round(1000 * word.endSeconds()))
                        .toList());
        assertThat(finals).hasSameSizeAs(expected).hasSizeGreaterThan(beam == 1 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"CTC, 1", "RNNT, 3"})
    void aLongStreamKeepsAStateOfOneSize(UtteranceDecoder.Head head, int beam) {
        SpeechModel model = SmallSpeechModel.write(folder, SmallSpeechModel.TALKATIVE);
        Search search = new Search(head, beam, List.of(), 1);
        SpeechContract contract = SpeechContract.of(model);
        Transcripts transcripts = new Transcripts(contract, new DecodingSettings(head, Duration.ofMillis(240)));
        int minute = 16_000 * 60;
        List<byte[]> minutes =
                List.of(pcm(SampleSpeech.sound(1, minute)), pcm(SampleSpeech.sound(2, minute)), pcm(new float[minute]));
        int early = 0;
        int late = 0;
        try (FastConformerModel network = new FastConformerModel(model, Device.cpu(), search, CachePrecision.FLOAT32);
                NDManager manager = NDManager.newBaseManager();
                DenseStateBatch states = new DenseStateBatch(network.stateSpec(), 1, manager)) {
            Stage stage = new Stage(network, states, new SpeechMapping(FeatureDraw.NONE), transcripts);
            ChannelAssembler assembler = new ChannelAssembler(SampleSpeech.settings(3), contract, stage);
            ChannelState state = null;
            for (int i = 0; i < MINUTES; i++) {
                state = assembler.accept(
                        state,
                        SampleSpeech.traced(SampleSpeech.chunk(
                                        "s", i, (long) i * minute, new float[0], 16_000, AudioEncoding.PCM_S16LE)
                                .setData(ByteBuffer.wrap(minutes.get(i % 3)))
                                .build()),
                        0);
                int size = bytes(state).length + bytes(stage.utterance).length;
                if (i < 6) {
                    early = Math.max(early, size);
                } else {
                    late = Math.max(late, size);
                }
            }
        }
        // By the transducer random weights say a word at first, and none that would be a first one after a silence.
        assertThat(finals).as("it talked").hasSizeGreaterThan(head == UtteranceDecoder.Head.CTC ? MINUTES / 2 : 0);
        // Utterances differ in length, and no more than 60 seconds of one are kept.
        int utterance = beam * 60 * 13 * (Integer.BYTES + Long.BYTES + Float.BYTES);
        assertThat(late)
                .as("bytes in %d minutes, %d in the first six", MINUTES, early)
                .isLessThan(early + utterance);
    }

    private static byte[] pcm(float[] samples) {
        return io.millrace.schemas.audio.AudioSamples.encode(samples, samples.length, AudioEncoding.PCM_S16LE)
                .array();
    }

    private static List<String> timed(Transcript transcript) {
        return transcript.getAlternatives().get(0).getWords().stream()
                .map((RecognisedWord word) -> word.getWord() + " " + word.getStartMs() + "-" + word.getEndMs())
                .toList();
    }

    /** What comes back of what Flink has stored. */
    private static <T> T stored(T value) {
        if (value == null) {
            return null;
        }
        try {
            return InstantiationUtil.deserializeFromByteArray(serializer(value), bytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> byte[] bytes(T value) {
        try {
            return InstantiationUtil.serializeToByteArray(serializer(value), value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> TypeSerializer<T> serializer(T value) {
        return TypeInformation.of((Class<T>) value.getClass()).createSerializer(new SerializerConfigImpl());
    }

    private final class Stage implements ChannelAssembler.Output {
        private final FastConformerModel network;
        private final DenseStateBatch states;
        private final SpeechMapping mapping;
        private final Transcripts transcripts;
        private UtteranceState utterance;

        private Stage(
                FastConformerModel network, DenseStateBatch states, SpeechMapping mapping, Transcripts transcripts) {
            this.network = network;
            this.states = states;
            this.mapping = mapping;
            this.transcripts = transcripts;
        }

        @Override
        public void speech(AssembledSpeech speech) {
            HeardSpeech heard;
            if (mapping.endsKey(speech)) {
                heard = mapping.ended(speech, network.id());
            } else {
                heard = mapping.result(
                        speech,
                        network.step(List.of(mapping.input(speech)), states).get(0),
                        network.id());
                states.commit();
            }
            utterance = transcripts.accept(stored(utterance), stored(heard), transcript -> {
                if (transcript.getIsFinal()) {
                    finals.add(transcript);
                }
            });
        }

        @Override
        public void unheard(AssembledSpeech speech, String message) {
            throw new AssertionError(message);
        }

        @Override
        public void givenUp(Traced<AudioChunk> chunk, io.millrace.schemas.DeadLetterReason reason, String message) {
            throw new AssertionError(message);
        }

        @Override
        public void repeated() {
            throw new AssertionError("no chunk came twice");
        }

        @Override
        public void filled(long millis) {
            throw new AssertionError("nothing was lost");
        }

        @Override
        public void lookAhead(int frames, LookAheadControl.Decision decision) {
            throw new AssertionError("the look-ahead is not to change");
        }
    }
}
