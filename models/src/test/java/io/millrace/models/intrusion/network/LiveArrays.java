package io.millrace.models.intrusion.network;

import ai.djl.ndarray.NDManager;

/** Counts the arrays that a manager and those below it hold. */
final class LiveArrays {

    private LiveArrays() {}

    static int below(NDManager manager) {
        return manager.getManagedArrays().size();
    }
}
