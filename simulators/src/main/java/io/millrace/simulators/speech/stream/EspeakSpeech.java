package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import io.millrace.schemas.audio.Resampler;
import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.CommandGrammar;
import io.millrace.simulators.speech.SpeechSynthesizer;
import io.millrace.simulators.speech.Voice;

/**
 * Sentences spoken by the synthesiser eSpeak NG, a process a sentence, in voices that are in no corpus to train on: what is
 * understood of them is not known by heart. The same sentence in the same voice is the same to the bit.
 */
public final class EspeakSpeech implements SpeechSource {
    private static final List<Voice> VOICES = Voice.of(Voice.Part.TEST).stream()
            .filter(voice -> voice.synthesizer() == Voice.Synthesizer.ESPEAK)
            .toList();

    private final SpeechSynthesizer synthesizer;
    private final List<String> sentences;

    private EspeakSpeech(SpeechSynthesizer synthesizer, List<String> sentences) {
        this.synthesizer = synthesizer;
        this.sentences = List.copyOf(sentences);
    }

    /**
     * Finds the synthesiser.
     *
     * @param sentences sentences to choose from; empty for commands of the {@link CommandGrammar}, of which the recogniser
     *     that ships knows every word
     * @throws IOException if the program is not there; the message names the package that has it
     */
    public static EspeakSpeech find(SpeechSynthesizer synthesizer, List<String> sentences) throws IOException {
        synthesizer.require(VOICES.get(0));
        return new EspeakSpeech(synthesizer, sentences);
    }

    @Override
    public Speaker speaker(SeededRandom random) {
        Voice voice = VOICES.get(random.below(VOICES.size()));
        SpeechSynthesizer.Manner manner = SpeechSynthesizer.Manner.random(random::uniform);
        String source = String.format(
                Locale.ROOT, "%s, tempo %.2f, pitch %.2f", voice.speaker(), manner.tempo(), manner.pitch());
        return each -> {
            String sentence = sentence(each);
            float[] samples = synthesizer.speak(voice, sentence, manner);
            return new Clip(sentence, source, Resampler.OUTPUT_RATE, samples, List.of());
        };
    }

    private String sentence(SeededRandom random) {
        return sentences.isEmpty()
                ? new CommandGrammar(new Random(random.nextLong())).next()
                : sentences.get(random.below(sentences.size()));
    }
}
