package io.millrace.models.intrusion.forest;

import java.util.Arrays;

import io.millrace.models.intrusion.network.FlowInput;

/** Columns of small integers made of network inputs: numeric ones by quantile, ids as they are. */
public final class InputBins {

    private static final int MOST_CUTS = 255;

    private final float[][] cuts;
    private final int categorical;

    private InputBins(float[][] cuts, int categorical) {
        this.cuts = cuts;
        this.categorical = categorical;
    }

    /** Fits the cuts between bins on training inputs. */
    public static InputBins fit(FlowInput[] inputs) {
        float[][] cuts = new float[inputs[0].numeric().length][];
        for (int c = 0; c < cuts.length; c++) {
            float[] column = new float[inputs.length];
            for (int i = 0; i < column.length; i++) {
                column[i] = inputs[i].numeric()[c];
            }
            Arrays.sort(column);
            float[] chosen = new float[MOST_CUTS];
            int size = 0;
            int distinct = 1;
            for (int i = 1; i < column.length; i++) {
                distinct += column[i] != column[i - 1] ? 1 : 0;
            }
            for (int i = 1, seen = 0; i < column.length && size < MOST_CUTS; i++) {
                if (column[i] != column[i - 1]) {
                    seen++;
                    // All cuts where they fit, else those that even out the rows.
                    boolean take = distinct - 1 <= MOST_CUTS
                            || (long) i * MOST_CUTS / column.length >= size + 1
                            || distinct - seen <= MOST_CUTS - size;
                    if (take) {
                        chosen[size++] = (column[i] + column[i - 1]) / 2;
                    }
                }
            }
            cuts[c] = Arrays.copyOf(chosen, size);
        }
        return new InputBins(cuts, inputs[0].categorical().length);
    }

    /** Number of columns. */
    public int columns() {
        return cuts.length + categorical;
    }

    /** Column values of one input. */
    public byte[] row(FlowInput input) {
        byte[] row = new byte[columns()];
        for (int c = 0; c < cuts.length; c++) {
            int at = Arrays.binarySearch(cuts[c], input.numeric()[c]);
            row[c] = (byte) (at < 0 ? -at - 1 : at + 1);
        }
        for (int c = 0; c < categorical; c++) {
            row[cuts.length + c] = (byte) input.categorical()[c];
        }
        return row;
    }

    /** Column values of many inputs, column by column. */
    public byte[][] columns(FlowInput[] inputs) {
        byte[][] columns = new byte[columns()][inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            byte[] row = row(inputs[i]);
            for (int c = 0; c < row.length; c++) {
                columns[c][i] = row[c];
            }
        }
        return columns;
    }
}
