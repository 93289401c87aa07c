package io.millrace.bench;

import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.intrusion.network.FlowInput;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Variant (c), what a user would write first: one record a call, the cache as bytes in keyed state. */
final class FirstAttempt extends KeyedProcessFunction<Integer, BenchRecord, Tuple2<Long, Float>> {

    private final Workload workload;
    private transient CausalFlowModel model;
    private transient NDManager manager;
    private transient ValueState<byte[]> cache;

    FirstAttempt(Workload workload) {
        this.workload = workload;
    }

    @Override
    public void open(OpenContext context) {
        model = workload.model(Device.cpu());
        manager = NDManager.newBaseManager(Device.cpu());
        cache = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("cache", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    @Override
    public void processElement(BenchRecord record, Context context, Collector<Tuple2<Long, Float>> out)
            throws Exception {
        try (BytesState state = new BytesState(model.stateSpec(), cache.value(), manager)) {
            float logit = model.step(List.of(new FlowInput(record.numeric(), record.categorical())), state)
                    .get(0)
                    .logit();
            cache.update(state.bytes());
            out.collect(Tuple2.of(record.createdNanos(), logit));
        }
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
            manager.close();
        }
    }
}
