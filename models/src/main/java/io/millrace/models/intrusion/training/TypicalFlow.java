package io.millrace.models.intrusion.training;

import java.util.Arrays;

import io.millrace.models.intrusion.CategoricalField;
import io.millrace.models.intrusion.network.FlowInput;

/** The typical benign flow: the median of each numeric input and the commonest id of each categorical one. */
final class TypicalFlow {

    /** Rows looked at at most: medians need no more. */
    private static final int MOST_ROWS = 20_000;

    private TypicalFlow() {}

    static FlowInput of(FlowInput[] inputs, boolean[] attacks, boolean[] learn) {
        FlowInput[] benign = new FlowInput[inputs.length];
        int count = 0;
        for (int i = 0; i < inputs.length && count < MOST_ROWS; i++) {
            if (learn[i] && !attacks[i]) {
                benign[count++] = inputs[i];
            }
        }
        float[] numeric = new float[benign[0].numeric().length];
        for (int f = 0; f < numeric.length; f++) {
            float[] column = new float[count];
            for (int i = 0; i < count; i++) {
                column[i] = benign[i].numeric()[f];
            }
            Arrays.sort(column);
            numeric[f] = column[count / 2];
        }
        int[] categorical = new int[benign[0].categorical().length];
        for (int c = 0; c < categorical.length; c++) {
            int[] counts = new int[CategoricalField.MAXIMUM_LEVELS + 1];
            for (int i = 0; i < count; i++) {
                counts[benign[i].categorical()[c]]++;
            }
            for (int id = 1; id < counts.length; id++) {
                categorical[c] = counts[id] > counts[categorical[c]] ? id : categorical[c];
            }
        }
        return new FlowInput(numeric, categorical);
    }
}
