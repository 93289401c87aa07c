package io.millrace.it.recovery;

import java.util.List;

/**
 * What a job has committed.
 *
 * @param <O> this type
 */
interface Outcome<O extends Outcome<O>> {

    /** In what way another run has not given the same as this one, in words; empty if it has. */
    List<String> differencesOf(O other);

    /** Main results, partial ones too. */
    int results();
}
