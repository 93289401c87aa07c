package io.millrace.connectors.flow;

import io.millrace.schemas.FlowRecord;

/** Where decoded flows go: a topic, a file, a list in a test. Called by one thread. */
@FunctionalInterface
public interface FlowSink extends AutoCloseable {

    /**
     * Takes one flow. May block for back-pressure.
     *
     * @throws RuntimeException if the flow cannot be taken; the caller stops
     */
    void accept(FlowRecord flow);

    /** Hands over whatever is still buffered; does nothing by default. */
    @Override
    default void close() {}
}
