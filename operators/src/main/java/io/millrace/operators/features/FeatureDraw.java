package io.millrace.operators.features;

import java.io.Serializable;

import org.apiguardian.api.API;

/**
 * Which records of a stage are drawn as samples. A record is drawn by its identifier, so a replay draws the same, and a
 * higher rate draws more besides.
 *
 * @param rate share of records that are drawn, 0 to 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FeatureDraw(double rate) implements Serializable {

    /** Draws nothing. */
    public static final FeatureDraw NONE = new FeatureDraw(0);

    private static final int HASH_RANGE = 1 << 20;

    public FeatureDraw {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException("sample-rate must be 0 to 1, got " + rate);
        }
    }

    /** Whether the record of that identifier is drawn. */
    public boolean draws(String id) {
        int hash = id.hashCode() * 0x9E3779B9;
        return Math.floorMod(hash ^ hash >>> 15, HASH_RANGE) < rate * HASH_RANGE;
    }
}
