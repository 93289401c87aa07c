package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import ai.djl.Device;
import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.Transcriber;
import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.evaluation.Lead;
import io.millrace.models.speech.evaluation.StreamedEvaluation;
import io.millrace.simulators.speech.stream.RecordedDigits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        SpeechModel shipped = SpeechModel.KIND.shipped();
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
    void saysWhereSpeechBeginsAndEnds() throws IOException {
        RecordedDigits.unpack(folder.resolve("digits"));
        // These recordings begin and end with digital silence.
        List<Utterance> utterances =
                SpeechManifest.read(folder.resolve("digits").resolve("manifest.jsonl"));
        SpeechModel shipped = SpeechModel.KIND.shipped();
        try (FastConformerModel model = new FastConformerModel(shipped, Device.cpu())) {
            for (UtteranceDecoder.Head head : UtteranceDecoder.Head.values()) {
                List<StreamedEvaluation.Heard> all = StreamedEvaluation.of(model, shipped.tokens(), 0, head, utterances)
                        .utterances();
                int right = 0;
                for (int i = 0; i < all.size(); i++) {
                    List<Utterance.Place> places = all.get(i).heardAt();
                    short[] samples = utterances.get(i).samples();
                    double begins = loud(samples, 0, 1);
                    double ends = loud(samples, samples.length - 1, -1);
                    right += Math.abs(places.get(0).start() - begins) < 0.12 ? 1 : 0;
                    right += Math.abs(places.get(places.size() - 1).end() - ends) < 0.12 ? 1 : 0;
                }
                assertThat(right).as(head + ", of starts and ends").isGreaterThanOrEqualTo(2 * all.size() * 9 / 10);
            }
        }
    }

    /** Second of the first sample that is not silent, from one end of a recording. */
    private static double loud(short[] samples, int from, int step) {
        int at = from;
        while (Math.abs(samples[at]) < 30) {
            at += step;
        }
        return at / 16_000.0;
    }

    @ParameterizedTest
    @CsvSource({"CTC, 1", "RNNT, 1", "RNNT, 4"})
    void hearsTheFirstWordAfterASilence(UtteranceDecoder.Head head, int beam) throws IOException {
        RecordedDigits.unpack(folder.resolve("digits"));
        List<Utterance> utterances =
                SpeechManifest.read(folder.resolve("digits").resolve("manifest.jsonl"));
        SpeechModel shipped = SpeechModel.KIND.shipped();
        Transcriber.Settings settings = new Transcriber.Settings(6, head, StreamedEvaluation.SILENCE_SECONDS);
        try (FastConformerModel model = new FastConformerModel(
                shipped, Device.cpu(), Search.of(head, beam, List.of(), null), CachePrecision.FLOAT32)) {
            StreamedEvaluation heard = StreamedEvaluation.of(
                    model, shipped.tokens(), settings, new Lead(3, Double.NEGATIVE_INFINITY), utterances);

            // By the transducer one of the twelve is not.
            assertThat(heard.firstWords())
                    .as(heard.utterances().toString())
                    .isGreaterThanOrEqualTo(utterances.size() - (head == UtteranceDecoder.Head.RNNT ? 1 : 0));
            assertThat(heard.errors().rate()).as(heard.utterances().toString()).isLessThan(0.12);
        }
    }

    @Test
    void hearsNothingInSilence() throws IOException {
        SpeechModel shipped = SpeechModel.KIND.shipped();
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
