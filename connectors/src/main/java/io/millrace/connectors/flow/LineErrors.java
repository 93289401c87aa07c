package io.millrace.connectors.flow;

/** Hears of lines that could not be read and were skipped. */
@FunctionalInterface
public interface LineErrors {

    /**
     * A line was skipped.
     *
     * @param number number of the line in its file, from 1
     * @param reason what is wrong with it
     */
    void skipped(long number, String reason);
}
