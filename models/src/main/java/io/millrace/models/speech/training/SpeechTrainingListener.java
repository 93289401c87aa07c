package io.millrace.models.speech.training;

/** Told how a training goes. */
public interface SpeechTrainingListener {

    /**
     * Figures of the updates since the last.
     *
     * @param step updates done
     * @param steps updates in all
     * @param ctc mean CTC loss of an utterance
     * @param transducer mean transducer loss of an utterance
     * @param padding share of the mel frames computed that were padding
     * @param audioPerSecond seconds of audio learnt in a second
     */
    record Progress(int step, int steps, double ctc, double transducer, double padding, double audioPerSecond) {}

    /**
     * A validation.
     *
     * @param step updates done
     * @param set name of the set
     * @param lookAhead look-ahead in frames
     * @param ctc word error rate by the CTC head
     * @param transducer word error rate by the transducer
     */
    record Validation(int step, String set, int lookAhead, double ctc, double transducer) {}

    /** After each round of batches. */
    void progress(Progress progress);

    /** After each validation of a set at a look-ahead. */
    void validated(Validation validation);
}
