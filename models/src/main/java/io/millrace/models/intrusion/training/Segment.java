package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stretch of a sequence: flows that are learnt from or scored, after flows that are only attended to.
 *
 * @param rows row numbers, context first
 * @param context number of leading rows that are context
 */
record Segment(int[] rows, int context) {

    /** Number of flows that count. */
    int scored() {
        return rows.length - context;
    }

    /**
     * Cuts sequences.
     *
     * @param sequences row numbers of each sequence
     * @param wanted which rows are to be scored; a segment without any is left out
     * @param length most flows that count in a segment
     * @param context most flows of context
     */
    static List<Segment> cut(List<int[]> sequences, boolean[] wanted, int length, int context) {
        List<Segment> segments = new ArrayList<>();
        for (int[] sequence : sequences) {
            int at = 0;
            while (at < sequence.length) {
                if (!wanted[sequence[at]]) {
                    at++;
                    continue;
                }
                int end = at;
                while (end < sequence.length && end - at < length && wanted[sequence[end]]) {
                    end++;
                }
                int from = Math.max(0, at - context);
                segments.add(new Segment(Arrays.copyOfRange(sequence, from, end), at - from));
                at = end;
            }
        }
        return segments;
    }

    /** Groups segments, in the given order, into batches of about equal work: like lengths together. */
    static List<List<Segment>> batches(List<Segment> segments, int flows) {
        List<List<Segment>> batches = new ArrayList<>();
        List<List<Segment>> open = new ArrayList<>();
        for (int bucket = 0; bucket < 32; bucket++) {
            open.add(new ArrayList<>());
        }
        for (Segment segment : segments) {
            int bucket = 32 - Integer.numberOfLeadingZeros(Math.max(1, segment.rows.length) - 1);
            List<Segment> batch = open.get(bucket);
            batch.add(segment);
            if (((long) batch.size() << bucket) >= flows) {
                batches.add(batch);
                open.set(bucket, new ArrayList<>());
            }
        }
        open.stream().filter(batch -> !batch.isEmpty()).forEach(batches::add);
        return batches;
    }
}
