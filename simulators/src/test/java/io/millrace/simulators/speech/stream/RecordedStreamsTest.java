package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.millrace.schemas.SpeechTruth;
import io.millrace.schemas.TrueUtterance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Digits of real speakers, which are not shipped; {@code MILLRACE_DATA} names the folder that has them. */
class RecordedStreamsTest {
    @Test
    void digitsAreLouderThanTheirPauses() throws IOException {
        String data = System.getenv("MILLRACE_DATA");
        assumeTrue(data != null, "MILLRACE_DATA is not set: its speech/fsdd is needed");
        AudioScenario scenario = AudioScenario.builder()
                .streams(8)
                .limit(40)
                .line(new AudioScenario.Line(0, 0.05, Duration.ofMillis(200)))
                .build();
        DigitSpeech speech = DigitSpeech.read(Path.of(data, "speech", "fsdd"), "test");
        Simulated simulated = Simulated.all(scenario, speech);
        assertThat(simulated.truths()).hasSize(40);
        assertThat(simulated.truths())
                .extracting(truth -> truth.getUtterances().get(0).getSource())
                .contains("fsdd george", "fsdd jackson", "fsdd lucas", "fsdd nicolas", "fsdd theo", "fsdd yweweler");
        for (SpeechTruth truth : simulated.truths()) {
            float[] samples = simulated.samplesOf(truth);
            int rate = truth.getSampleRate();
            for (TrueUtterance utterance : truth.getUtterances()) {
                int from = (int) (utterance.getStart() * rate);
                double speaking =
                        Tones.level(samples, from, Math.min(samples.length, (int) (utterance.getEnd() * rate)));
                assertThat(speaking).isGreaterThan(3 * Tones.level(samples, from - rate / 5, from));
            }
        }
    }
}
