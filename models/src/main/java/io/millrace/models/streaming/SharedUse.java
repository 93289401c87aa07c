package io.millrace.models.streaming;

/** Counts the users of something shared, which the last of them frees. Safe for use by several threads. */
public final class SharedUse {

    private int users = 1;

    /**
     * One user more.
     *
     * @return false if the last user has gone, so that there is nothing left to share
     */
    public synchronized boolean enter() {
        if (users == 0) {
            return false;
        }
        users++;
        return true;
    }

    /**
     * One user less.
     *
     * @return whether it was the last, who has to free what was shared
     */
    public synchronized boolean leave() {
        if (users == 0) {
            throw new IllegalStateException("more users leave than entered");
        }
        return --users == 0;
    }
}
