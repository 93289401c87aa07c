package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class SpeechSynthesizerTest {
    private static final Voice KED = new Voice(Voice.Synthesizer.FESTIVAL, "ked_diphone");
    private static final SpeechSynthesizer.Manner PLAIN = new SpeechSynthesizer.Manner(1, 1);

    @TempDir
    private Path folder;

    @Test
    void espeakSpeaksTheSameAgain() throws IOException {
        assumeTrue(
                SpeechSynthesizer.installed(Voice.Synthesizer.ESPEAK),
                "SKIPPED espeakSpeaksTheSameAgain: espeak-ng is not installed");
        SpeechSynthesizer synthesizer = new SpeechSynthesizer();
        Voice voice = new Voice(Voice.Synthesizer.ESPEAK, "en-us+m1");
        SpeechSynthesizer.Manner manner = new SpeechSynthesizer.Manner(1, 1);

        float[] spoken = synthesizer.speak(voice, "turn on the lights", manner);

        assertThat(spoken.length).isBetween(12_000, 40_000);
        assertThat(synthesizer.speak(voice, "turn on the lights", manner)).containsExactly(spoken);
        assertThat(synthesizer.speak(voice, "turn on the lights", new SpeechSynthesizer.Manner(1.4, 1)).length)
                .as("faster")
                .isLessThan(spoken.length);
    }

    @Test
    void halvesOfTheDayAreSpelt() throws IOException {
        Path program = folder.resolve("text2wave");
        Files.writeString(program, "#!/bin/sh\ncat; exit 3\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> new SpeechSynthesizer(folder + ":/bin:/usr/bin")
                        .speak(KED, "wake me at six am or seven pm", PLAIN))
                .hasMessageContaining("wake me at six a.m. or seven p.m.");
    }

    @Test
    void aVoiceThatIsNotThereIsNamedWithItsPackages() {
        SpeechSynthesizer synthesizer = new SpeechSynthesizer(folder.toString());

        assertThatThrownBy(() -> synthesizer.speak(KED, "hello", PLAIN))
                .isInstanceOf(IOException.class)
                .hasMessage("text2wave is not installed (on Debian: apt-get install festival festvox-kdlpc16k)");
    }

    @Test
    void aProgramThatFailsIsQuoted() throws IOException {
        Path program = folder.resolve("text2wave");
        Files.writeString(program, "#!/bin/sh\necho unbound variable: voice_ked_diphone; exit 3\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> new SpeechSynthesizer(folder.toString()).speak(KED, "hello", PLAIN))
                .isInstanceOf(IOException.class)
                .hasMessage("\"hello\" could not be said as festival:ked_diphone (Debian: festival festvox-kdlpc16k):"
                        + " it ended with code 3: unbound variable: voice_ked_diphone");
    }
}
