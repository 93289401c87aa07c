package io.millrace.models.intrusion;

import java.util.Objects;

/**
 * Raw values of one flow in the order of a {@link FlowProfile}.
 *
 * @param numeric values of {@link FlowProfile#numericFields()}; NaN where the source does not give one
 * @param categorical values of {@link FlowProfile#categoricalFields()}; empty where the source does not give one
 * @param context who talked to whom and when; null for a flow without (its history is unknown). Never a model input
 * @param attack truth; meaningful for labelled data only
 * @param kind kind of attack, {@link #BENIGN} for none
 */
public record FlowRow(double[] numeric, String[] categorical, FlowContext context, boolean attack, String kind) {

    /** Kind of a flow that is no attack. */
    public static final String BENIGN = "benign";

    public FlowRow {
        Objects.requireNonNull(numeric, "numeric");
        Objects.requireNonNull(categorical, "categorical");
        Objects.requireNonNull(kind, "kind");
    }
}
