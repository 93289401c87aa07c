package io.millrace.operators.speech;

import java.util.List;

import io.millrace.operators.GoldenSavepoint;
import io.millrace.schemas.AudioChunk;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the speech stage keeps beside its model: half-heard stretches, and chunks that wait for one before them. */
class GoldenSpeechTest {

    private static final List<AudioChunk> CHUNKS = SampleSpeech.chunks("call", SampleSpeech.sound(3, 16_000), 1_600);

    @Test
    void halfHeardAudioIsGoneOnWith() throws Exception {
        GoldenSavepoint<SpeechAssemblerHarness> golden = new GoldenSavepoint<>(
                "speech-assemble",
                SpeechAssemblerHarness::on,
                harness -> harness.send(List.of(CHUNKS.get(0), CHUNKS.get(1), CHUNKS.get(2), CHUNKS.get(4))),
                harness -> {
                    harness.send(List.of(CHUNKS.get(3)));
                    harness.send(CHUNKS.subList(5, CHUNKS.size()));
                    harness.endOfInput();
                },
                harness -> harness.answers().stream().map(Object::toString).toList());
        golden.check();
        assertThat(golden.size()).isLessThan(100_000);
    }
}
