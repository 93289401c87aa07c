package io.millrace.models.streaming;

import org.apiguardian.api.API;

/** Counts the users of something shared, which the last of them frees. Safe for use by several threads. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
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
