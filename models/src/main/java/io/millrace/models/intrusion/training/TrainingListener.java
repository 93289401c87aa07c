package io.millrace.models.intrusion.training;

/** Is told how a training goes on, by the thread that trains. */
public interface TrainingListener {

    /** Tells nobody. */
    TrainingListener SILENT = new TrainingListener() {};

    /** A part of the work begins: reading, fitting a forest, training, training on all rows. */
    default void phase(String name) {}

    /**
     * A batch was learnt.
     *
     * @param epoch epoch, from 1
     * @param epochs most epochs
     * @param done share of the epoch done, 0 to 1
     * @param loss mean loss of the epoch so far
     */
    default void batch(int epoch, int epochs, double done, double loss) {}

    /** An epoch is over. */
    default void epoch(Epoch epoch) {}

    /**
     * Figures of an epoch.
     *
     * @param number from 1
     * @param trainingLoss mean loss over the epoch, augmentations included
     * @param validationLoss loss on the validation rows; NaN without
     * @param auroc area under the curve on the validation rows; NaN without
     * @param averagePrecision average precision on the validation rows; NaN without
     */
    record Epoch(int number, double trainingLoss, double validationLoss, double auroc, double averagePrecision) {}
}
