package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.streaming.DenseStateBatch;

/** The model over dense states, one group of streams after the other, by one thread without Flink. */
final class RawStreams implements SpeechBench.Stepper {

    private final FastConformerModel model;
    private final NDManager manager;
    private final List<DenseStateBatch> groups = new ArrayList<>();
    private final SpeechChunk[] pool;
    private final int batch;
    private long round;
    private int group;

    /** {@code batch}: streams of a call. */
    RawStreams(SpeechWorkload workload, int batch) {
        this.batch = batch;
        this.model = new FastConformerModel(workload.folder(), Device.cpu());
        this.pool = workload.chunks(model.config());
        this.manager = NDManager.newBaseManager(Device.cpu());
        int count = Math.max(1, Math.round(workload.streams() / (float) batch));
        for (int g = 0; g < count; g++) {
            groups.add(new DenseStateBatch(model.stateSpec(), batch, manager));
        }
    }

    @Override
    public int step() {
        List<SpeechChunk> chunks = new ArrayList<>(batch);
        for (int i = 0; i < batch; i++) {
            chunks.add(pool[SpeechWorkload.chunk(group * batch + i, round)]);
        }
        model.step(chunks, groups.get(group));
        groups.get(group).commit();
        if (++group == groups.size()) {
            group = 0;
            round++;
        }
        return batch;
    }

    @Override
    public void close() {
        groups.forEach(DenseStateBatch::close);
        manager.close();
        model.close();
    }
}
