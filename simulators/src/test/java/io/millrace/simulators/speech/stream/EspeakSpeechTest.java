package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.CommandGrammar;
import io.millrace.simulators.speech.SpeechSynthesizer;
import io.millrace.simulators.speech.Voice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** With a program in the synthesiser's place that writes down its arguments and gives a tone. */
class EspeakSpeechTest {
    @TempDir
    private Path folder;

    @Test
    void sentencesAreSpokenInAVoice() throws IOException {
        EspeakSpeech speech = EspeakSpeech.find(synthesizer("cp \"$(dirname \"$0\")/tone.wav\" \"$8\""), List.of());
        SeededRandom random = new SeededRandom(1);
        SpeechSource.Speaker speaker = speech.speaker(random);
        Clip clip = speaker.say(random);
        assertThat(clip.sampleRate()).isEqualTo(16_000);
        assertThat(clip.samples()).hasSize(8000);
        assertThat(CommandGrammar.vocabulary()).contains(clip.text().split(" "));
        List<String> calls = Files.readAllLines(folder.resolve("calls"));
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0)).startsWith("-v en-").endsWith("-- " + clip.text());
        String voice = calls.get(0).split(" ")[1];
        assertThat(Voice.of(Voice.Part.TEST)).contains(new Voice(Voice.Synthesizer.ESPEAK, voice));
        assertThat(clip.source()).startsWith("espeak-ng:" + voice + ", tempo ");
        assertThat(speaker.say(random).text()).isNotEqualTo(clip.text());
    }

    @Test
    void givenSentencesAreTaken() throws IOException {
        EspeakSpeech speech = EspeakSpeech.find(
                synthesizer("cp \"$(dirname \"$0\")/tone.wav\" \"$8\""), List.of("-f is no option here"));
        SeededRandom random = new SeededRandom(1);
        assertThat(speech.speaker(random).say(random).text()).isEqualTo("-f is no option here");
    }

    @Test
    void aProgramThatIsNotThereIsNamedWithItsPackage() {
        assertThatThrownBy(() -> EspeakSpeech.find(new SpeechSynthesizer(folder.toString()), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("espeak-ng is not installed (on Debian: apt-get install espeak-ng)");
    }

    @Test
    void aFailureSaysWhatTheProgramSaid() throws IOException {
        EspeakSpeech speech = EspeakSpeech.find(synthesizer("echo no such voice >&2; exit 3"), List.of());
        SeededRandom random = new SeededRandom(1);
        assertThatThrownBy(() -> speech.speaker(random).say(random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it ended with code 3: no such voice");
    }

    private SpeechSynthesizer synthesizer(String speak) throws IOException {
        Tones.wav(folder.resolve("tone.wav"), 22_050, Tones.tone(22_050, 500, 0.5, 11_025));
        Path program = folder.resolve("espeak-ng");
        Files.writeString(program, "#!/bin/sh\necho \"$@\" >> \"$(dirname \"$0\")/calls\"\n" + speak + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return new SpeechSynthesizer(folder.toString());
    }
}
