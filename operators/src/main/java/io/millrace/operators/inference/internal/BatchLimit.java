package io.millrace.operators.inference.internal;

/**
 * Records a batch at most: fewer after the device ran out of memory, and more again, by twos, once batches of that size have
 * gone well for a while. Each time that a larger size fails again the next try comes later.
 */
public final class BatchLimit {

    private static final int FIRST_PATIENCE = 32;
    private static final int MOST_PATIENCE = 8192;

    private final int most;
    private int limit;
    private int patience = FIRST_PATIENCE;
    private int goneWell;

    /** Starts with the configured batch size. */
    public BatchLimit(int most) {
        this.most = most;
        this.limit = most;
    }

    public int get() {
        return limit;
    }

    /**
     * The device had no memory for a batch of this size.
     *
     * @return whether the limit is another now
     */
    public boolean ranOutOfMemory(int size) {
        goneWell = 0;
        if (size > limit) {
            return false;
        }
        limit = Math.max(1, size / 2);
        patience = Math.min(MOST_PATIENCE, patience * 2);
        return true;
    }

    /**
     * A batch has gone well; one that was smaller than the limit says nothing.
     *
     * @return whether the limit is another now
     */
    public boolean wentWell(int size) {
        if (limit == most || size < limit || ++goneWell < patience) {
            return false;
        }
        goneWell = 0;
        limit = Math.min(most, limit * 2);
        return true;
    }
}
