package io.millrace.jobs.demo;

import java.util.List;
import java.util.function.Consumer;

import org.apiguardian.api.API;

/** One job of a {@link Demo}, what feeds it and what is seen of it. Its methods are called in the order given here. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface DemoStage {

    /** What it is called on the command line. */
    String name();

    /**
     * Submits the job and begins to read what comes out.
     *
     * @param site where it runs
     * @param events takes what is worth a line when it happens; called from other threads
     */
    void start(DemoSite site, Consumer<String> events) throws Exception;

    /** Waits until the job runs. */
    void awaitRunning() throws Exception;

    /** Lets the traffic in. */
    void feed() throws Exception;

    /** What comes in, a line each. */
    List<String> introduction();

    /** What has happened so far, in one line. */
    String status();

    /** What has gone wrong; null if nothing has. */
    String problem() throws Exception;

    /** Ends the traffic; returns when all of it is with the broker. */
    void endTraffic() throws Exception;

    /** Stops the job once everything has been answered; returns when the answers have been read. */
    void finish() throws Exception;

    /** What happened, a line each. */
    List<String> summary();

    /** What should have come out and did not; null if nothing is missing. */
    String shortfall();

    /** Lets go of what listens; also if it was never started. */
    void close() throws Exception;
}
