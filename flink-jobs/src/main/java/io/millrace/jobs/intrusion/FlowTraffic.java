package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.CollectorSettings;
import io.millrace.connectors.netflow.NetFlowCollector;
import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.FlowGenerator;
import io.millrace.simulators.flow.FlowScenario;
import io.millrace.simulators.pacing.PacingClock;
import io.millrace.simulators.pacing.StreamPacer;

/** Where the flows of a {@link Demo} come from. */
public interface FlowTraffic {

    /**
     * Sends flows until {@link #stop} is called.
     *
     * @throws IOException if no more flows can be had
     */
    void run(FlowSink sink) throws IOException;

    /** Makes {@link #run} return; called from another thread. */
    void stop();

    /** How far the flows of a host may be out of order; null for as far as usual. */
    Duration disorder();

    /** Whether the flows say of themselves which are attacks. */
    boolean isLabelled();

    /** What it is, in a few words. */
    String description();

    /**
     * Simulated traffic, now.
     *
     * @param scenario builder with the attacks chosen; rate, seed and start are filled in
     * @param rate flows a second
     * @param seed seed of the traffic
     */
    static FlowTraffic simulated(FlowScenario.Builder scenario, double rate, long seed) {
        return new Simulated(scenario, rate, seed);
    }

    /** What exporters of NetFlow v5, v9 or IPFIX send to {@code address}. */
    static FlowTraffic collected(InetSocketAddress address) {
        return new Collected(address);
    }

    /** See {@link #simulated}. */
    final class Simulated implements FlowTraffic {

        /** How far the flows are out of order at most. */
        public static final Duration DISORDER = Duration.ofMillis(1500);

        private final FlowScenario.Builder scenario;
        private final double rate;
        private final long seed;
        private volatile boolean stopped;

        private Simulated(FlowScenario.Builder scenario, double rate, long seed) {
            this.scenario = scenario;
            this.rate = rate;
            this.seed = seed;
        }

        @Override
        public void run(FlowSink sink) {
            Instant start = Instant.now();
            FlowGenerator generator = new FlowGenerator(
                    scenario.flowsPerSecond(rate).seed(seed).startTime(start).build());
            StreamPacer pacer = new StreamPacer(PacingClock.SYSTEM, 1);
            pacer.start(start.toEpochMilli());
            while (!stopped && generator.hasNext() && pacer.await(generator.streamTimeMillis())) {
                FlowRecord flow = generator.next();
                flow.setObservedTime(Instant.ofEpochMilli(System.currentTimeMillis()));
                sink.accept(flow);
            }
        }

        @Override
        public void stop() {
            stopped = true;
        }

        @Override
        public Duration disorder() {
            return DISORDER;
        }

        @Override
        public boolean isLabelled() {
            return true;
        }

        @Override
        public String description() {
            return String.format(Locale.ROOT, "Simulated traffic: %,.0f flows a second", rate);
        }
    }

    /** See {@link #collected}. */
    final class Collected implements FlowTraffic {

        private final InetSocketAddress address;
        private final CountDownLatch stopped = new CountDownLatch(1);

        private Collected(InetSocketAddress address) {
            this.address = address;
        }

        @Override
        public void run(FlowSink sink) throws IOException {
            NetFlowCollector collector;
            try {
                collector = NetFlowCollector.start(CollectorSettings.on(address), sink);
            } catch (IOException failed) {
                throw new IOException("cannot listen on " + address + ": " + failed.getMessage(), failed);
            }
            try (collector) {
                collector.awaitStop(stopped);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void stop() {
            stopped.countDown();
        }

        @Override
        public Duration disorder() {
            return null;
        }

        @Override
        public boolean isLabelled() {
            return false;
        }

        @Override
        public String description() {
            return "Waiting for NetFlow and IPFIX on " + address.getHostString() + ":" + address.getPort()
                    + ". Flows of the latest five minutes wait for later ones, or for the end.";
        }
    }
}
