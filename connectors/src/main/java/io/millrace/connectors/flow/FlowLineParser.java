package io.millrace.connectors.flow;

import java.util.Map;

/** Reads a flow log line by line. A parser may remember earlier lines (a header), so it belongs to one log. */
@FunctionalInterface
public interface FlowLineParser {

    /**
     * Reads one line, which may tell of no flow (a header, a comment, another kind of event) or, with what earlier lines
     * said, of several.
     *
     * @param line the line without its end
     * @param number number of the line, from 1
     * @param sink takes the flows
     * @throws MalformedLineException if the line should tell of a flow but cannot be read
     */
    void parse(String line, long number, FlowSink sink) throws MalformedLineException;

    /** Hands over flows that waited for more to be said of them: the log ends here, or nothing came for a while. */
    default void flush(FlowSink sink) {}

    /** How many lines or events were left aside because they are of another kind, by the names of the kinds. */
    default Map<String, Long> leftAside() {
        return Map.of();
    }
}
