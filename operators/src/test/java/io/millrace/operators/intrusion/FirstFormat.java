package io.millrace.operators.intrusion;

import java.util.ArrayList;
import java.util.List;

import io.millrace.operators.source.Traced;
import io.millrace.schemas.FlowRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Keeps flows that wait as the first version of {@link FlowAssembler} did: those of a time in one list. */
final class FirstFormat extends KeyedProcessFunction<String, Traced<FlowRecord>, AssembledFlow> {

    private transient MapState<Long, List<FlowRecord>> waiting;

    @Override
    public void open(OpenContext context) {
        waiting = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "flows-in-waiting", Types.LONG, Types.LIST(new AvroTypeInfo<>(FlowRecord.class))));
    }

    @Override
    public void processElement(Traced<FlowRecord> flow, Context context, Collector<AssembledFlow> out)
            throws Exception {
        long time = flow.record.getEndTime().toEpochMilli();
        List<FlowRecord> sameTime = waiting.contains(time) ? waiting.get(time) : new ArrayList<>();
        sameTime.add(flow.record);
        waiting.put(time, sameTime);
        context.timerService().registerEventTimeTimer(time);
    }
}
