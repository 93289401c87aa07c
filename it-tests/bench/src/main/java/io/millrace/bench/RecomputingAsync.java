package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.millrace.models.intrusion.network.CausalFlowTransformer;
import io.millrace.models.intrusion.network.CausalFlowWeights;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Variant (d): Flink's async I/O over a pool of predictors that batch what waits. There is no keyed state in async I/O,
 * so each record brings its window along and the network runs over all of it.
 */
final class RecomputingAsync extends RichAsyncFunction<BenchRecord, Tuple2<Long, Float>> {

    private static final int PREDICTORS = 2;
    private static final long POLL_MILLIS = 50;

    private record Request(BenchRecord record, ResultFuture<Tuple2<Long, Float>> result) {}

    private final Workload workload;
    private final int batch;
    private transient BlockingQueue<Request> queue;
    private transient List<Thread> threads;
    private transient volatile boolean running;
    private transient volatile RuntimeException failure;

    RecomputingAsync(Workload workload, int batch) {
        this.workload = workload;
        this.batch = batch;
    }

    @Override
    public void open(OpenContext context) {
        queue = new ArrayBlockingQueue<>(batch * PREDICTORS * 8);
        threads = new ArrayList<>();
        running = true;
        for (int p = 0; p < PREDICTORS; p++) {
            Thread thread = new Thread(this::predict, "predictor " + p);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    @Override
    public void asyncInvoke(BenchRecord record, ResultFuture<Tuple2<Long, Float>> result) throws InterruptedException {
        Request request = new Request(record, result);
        while (!queue.offer(request, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            if (failure != null) {
                throw new IllegalStateException("a predictor has failed", failure);
            }
        }
    }

    private void predict() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            CausalFlowTransformer network = new CausalFlowTransformer(workload.config());
            network.load(manager, CausalFlowWeights.random(workload.config(), workload.seed()));
            ParameterStore store = new ParameterStore(manager, false);
            List<Request> requests = new ArrayList<>(batch);
            while (running) {
                Request first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                requests.add(first);
                queue.drainTo(requests, batch - 1);
                answer(network, store, manager, requests);
                requests.clear();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            failure = failed;
        }
    }

    private void answer(
            CausalFlowTransformer network, ParameterStore store, NDManager manager, List<Request> requests) {
        int window = workload.window();
        int size = requests.size();
        int perRecord = window * Workload.NUMERIC;
        int idsPerRecord = window * Workload.LEVELS.size();
        float[] values = new float[size * perRecord];
        long[] ids = new long[size * idsPerRecord];
        for (int r = 0; r < size; r++) {
            BenchRecord record = requests.get(r).record();
            System.arraycopy(record.numeric(), 0, values, r * perRecord, perRecord);
            for (int i = 0; i < idsPerRecord; i++) {
                ids[r * idsPerRecord + i] = record.categorical()[i];
            }
        }
        try (NDManager step = manager.newSubManager()) {
            NDArray numeric = step.create(values, new Shape(size, window, Workload.NUMERIC));
            NDArray categorical = step.create(ids, new Shape(size, window, Workload.LEVELS.size()));
            float[] logits = network.forward(store, new NDList(numeric, categorical), false)
                    .get(0)
                    .toFloatArray();
            for (int r = 0; r < size; r++) {
                Request request = requests.get(r);
                request.result()
                        .complete(List.of(Tuple2.of(request.record().createdNanos(), logits[r * window + window - 1])));
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        if (threads != null) {
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
