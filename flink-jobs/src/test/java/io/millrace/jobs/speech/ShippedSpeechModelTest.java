package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import ai.djl.Device;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechModelFolder;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.evaluation.StreamedEvaluation;
import io.millrace.models.speech.training.Utterance;
import io.millrace.simulators.audio.RecordedDigits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The model that ships, on the real voices that ship: it was not trained on these recordings. */
class ShippedSpeechModelTest {

    @TempDir
    Path folder;

    @Test
    void hearsDigitsThatPeopleSay() throws IOException {
        RecordedDigits.unpack(folder.resolve("digits"));
        List<Utterance> utterances =
                SpeechManifest.read(folder.resolve("digits").resolve("manifest.jsonl"));
        SpeechModelFolder shipped = SpeechModelFolder.shipped();
        try (FastConformerModel model = new FastConformerModel(shipped, Device.cpu())) {
            for (int lookAhead : List.of(0, 6)) {
                for (UtteranceDecoder.Head head : UtteranceDecoder.Head.values()) {
                    StreamedEvaluation heard =
                            StreamedEvaluation.of(model, shipped.tokens(), lookAhead, head, utterances);

                    assertThat(heard.errors().words()).isGreaterThan(40);
                    assertThat(heard.errors().rate())
                            .as("look-ahead " + lookAhead + " by " + head + ": " + heard.utterances())
                            .isLessThan(0.12);
                }
            }
        }
    }

    @Test
    void hearsNothingInSilence() throws IOException {
        SpeechModelFolder shipped = SpeechModelFolder.shipped();
        Utterance silence = Utterance.of("nobody", List.of(), new float[5 * 16_000]);
        try (FastConformerModel model = new FastConformerModel(shipped, Device.cpu())) {
            for (UtteranceDecoder.Head head : UtteranceDecoder.Head.values()) {
                assertThat(StreamedEvaluation.of(model, shipped.tokens(), 0, head, List.of(silence))
                                .errors()
                                .errors())
                        .as(head.name())
                        .isZero();
            }
        }
    }
}
