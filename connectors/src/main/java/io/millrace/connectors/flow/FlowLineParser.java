package io.millrace.connectors.flow;

import io.millrace.schemas.FlowRecord;

/** Reads a flow log line by line. A parser may remember earlier lines (a header), so it belongs to one log. */
@FunctionalInterface
public interface FlowLineParser {

    /**
     * Reads one line.
     *
     * @param line the line without its end
     * @param number number of the line, from 1
     * @return the flow, or null for a line that tells of no flow (a header, a comment, another kind of event)
     * @throws MalformedLineException if the line should tell of a flow but cannot be read
     */
    FlowRecord parse(String line, long number) throws MalformedLineException;
}
