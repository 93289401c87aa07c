package io.millrace.simulators.speech.stream;

import java.io.IOException;

import io.millrace.simulators.random.SeededRandom;

/** Where utterances come from: the same random numbers give the same utterances. */
public interface SpeechSource {
    /** Somebody who speaks in one channel. */
    @FunctionalInterface
    interface Speaker {
        /**
         * The next utterance.
         *
         * @throws IOException if the recording cannot be read or the synthesiser fails; the message names it
         */
        Clip say(SeededRandom random) throws IOException;
    }

    /** Chooses a speaker. */
    Speaker speaker(SeededRandom random);
}
