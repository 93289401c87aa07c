package io.millrace.models.intrusion.training;

import java.util.List;

import io.millrace.models.intrusion.network.FlowInput;

/**
 * What a network is to learn, row by row.
 *
 * @param inputs encoded flows
 * @param targets probability of attack to learn for each row: the label, or a softer judgement of it
 * @param attacks truth of each row
 * @param kinds number of the kind of attack of each row; -1 for benign and for kinds that are not learnt
 * @param sequences row numbers of each key, in order
 * @param mixed further rows without keys, each with its target; may be empty
 */
record LearningTask(
        FlowInput[] inputs,
        float[] targets,
        boolean[] attacks,
        int[] kinds,
        List<int[]> sequences,
        List<MixedRow> mixed) {

    /** A made-up flow and the probability of attack to learn for it. */
    record MixedRow(FlowInput input, float target) {}
}
