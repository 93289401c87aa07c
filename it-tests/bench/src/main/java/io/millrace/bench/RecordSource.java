package io.millrace.bench;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import io.millrace.models.intrusion.network.FlowInput;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Makes record {@code i} of the workload, as fast as it is taken or at a given rate. */
final class RecordSource extends RichMapFunction<Long, BenchRecord> {

    private final Workload workload;
    private final double perSecond;
    private final boolean withWindow;
    private transient FlowInput[] flows;
    private transient byte[] payload;
    private transient long start;
    private transient long made;

    /**
     * Creates a source.
     *
     * @param workload what to make
     * @param perSecond records a second; 0 for as many as are taken
     * @param withWindow whether each record carries a whole window of flows
     */
    RecordSource(Workload workload, double perSecond, boolean withWindow) {
        this.workload = workload;
        this.perSecond = perSecond;
        this.withWindow = withWindow;
    }

    @Override
    public void open(OpenContext context) {
        flows = workload.flows();
        payload = new byte[workload.payload()];
        // Not to be compressed away.
        new Random(workload.seed()).nextBytes(payload);
    }

    @Override
    public BenchRecord map(Long i) {
        long created = perSecond > 0 ? pace() : System.nanoTime();
        int key = workload.key(i);
        if (!withWindow) {
            FlowInput flow = flows[Workload.flow(i)];
            return new BenchRecord(key, created, flow.numeric(), flow.categorical(), payload);
        }
        int numeric = Workload.NUMERIC;
        int categorical = Workload.LEVELS.size();
        float[] values = new float[workload.window() * numeric];
        int[] ids = new int[workload.window() * categorical];
        for (int w = 0; w < workload.window(); w++) {
            FlowInput flow = flows[Workload.flow(i + w)];
            System.arraycopy(flow.numeric(), 0, values, w * numeric, numeric);
            System.arraycopy(flow.categorical(), 0, ids, w * categorical, categorical);
        }
        return new BenchRecord(key, created, values, ids, payload);
    }

    /** Waits for the record's turn and returns when that was: a source that is held up does not hide it. */
    private long pace() {
        if (made == 0) {
            start = System.nanoTime();
        }
        long due = start + (long) (made++ * (1e9 / perSecond));
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return due;
    }
}
