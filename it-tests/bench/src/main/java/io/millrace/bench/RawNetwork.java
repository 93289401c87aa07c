package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.streaming.DenseStateBatch;

/**
 * Variant (a), the ceiling: the network on ideal batches, one thread, no Flink. The keys are split into groups of the
 * batch size whose states lie dense, so that a step neither gathers nor waits; groups take turns, so that the states of
 * all keys pass through memory as they do in a stream.
 */
final class RawNetwork implements AutoCloseable {

    private final CausalFlowModel model;
    private final NDManager manager;
    private final List<DenseStateBatch> groups = new ArrayList<>();
    private final List<List<FlowInput>> inputs = new ArrayList<>();
    private final int batch;

    RawNetwork(Workload workload, int batch) {
        this.batch = batch;
        this.model = workload.model(Device.cpu());
        this.manager = NDManager.newBaseManager(Device.cpu());
        FlowInput[] flows = workload.flows();
        int count = Math.max(1, Math.round(workload.keys() / (float) batch));
        for (int g = 0; g < count; g++) {
            groups.add(new DenseStateBatch(model.stateSpec(), batch, manager));
        }
        for (int from = 0; from + batch <= flows.length; from += batch) {
            inputs.add(List.of(flows).subList(from, from + batch));
        }
    }

    /** Runs for a time and measures a time. */
    Rate run(double warmUpSeconds, double seconds) {
        long measureFrom = System.nanoTime() + (long) (warmUpSeconds * 1e9);
        int step = 0;
        while (System.nanoTime() < measureFrom) {
            step(step++);
        }
        LatencyRecorder latency = new LatencyRecorder();
        ThreadCpu cpu = new ThreadCpu();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long now = start;
        int first = step;
        while (now < end) {
            step(step++);
            long after = System.nanoTime();
            latency.record(after - now, batch);
            now = after;
        }
        double records = (step - first) * (double) batch;
        return new Rate(
                records / ((now - start) / 1e9),
                latency.p50Millis(),
                latency.p99Millis(),
                cpu.microsPerRecord(records));
    }

    private void step(int number) {
        DenseStateBatch states = groups.get(number % groups.size());
        model.step(inputs.get(number % inputs.size()), states);
        states.commit();
    }

    @Override
    public void close() {
        groups.forEach(DenseStateBatch::close);
        manager.close();
        model.close();
    }
}
