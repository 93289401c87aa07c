package io.millrace.operators.intrusion;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.millrace.operators.source.Origin;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.FlowRecord;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * The flows of a key that wait for their event time. Each has an entry of its own, by time and number: one more flow
 * costs the same however many end with it, as thousands do where an exporter reports whole seconds.
 */
final class WaitingFlows {

    /** By start, then id; of repeats, as they were read: the order is the same after a restore. */
    private static final Comparator<Traced<FlowRecord>> ORDER = Comparator.comparing(
                    (Traced<FlowRecord> flow) -> flow.record.getStartTime())
            .thenComparing(flow -> flow.record.getFlowId())
            .thenComparing(
                    flow -> flow.origin,
                    Comparator.nullsFirst(
                            Comparator.comparingInt(Origin::partition).thenComparingLong(Origin::offset)));

    private final MapState<Long, Integer> counts;
    private final MapState<Tuple2<Long, Integer>, Traced<FlowRecord>> flows;
    private final MapState<Long, List<FlowRecord>> earlierFormat;

    /**
     * Opens the state of a function.
     *
     * @param restored whether there may be flows in the first format, which kept those of a time in one list
     */
    WaitingFlows(RuntimeContext context, boolean restored) {
        counts = context.getMapState(new MapStateDescriptor<>("waiting-counts", Types.LONG, Types.INT));
        flows = context.getMapState(new MapStateDescriptor<>(
                "waiting-flows", Types.TUPLE(Types.LONG, Types.INT), Traced.of(FlowRecord.class)));
        earlierFormat = restored
                ? context.getMapState(new MapStateDescriptor<>(
                        "flows-in-waiting", Types.LONG, Types.LIST(new AvroTypeInfo<>(FlowRecord.class))))
                : null;
    }

    /** Takes a flow in; true if it is the first of its time. */
    boolean add(long time, Traced<FlowRecord> flow) throws Exception {
        Integer count = counts.get(time);
        int number = count == null ? 0 : count;
        flows.put(Tuple2.of(time, number), flow);
        counts.put(time, number + 1);
        return number == 0;
    }

    /** Takes out the flows of a time, in their order. */
    List<Traced<FlowRecord>> take(long time) throws Exception {
        Integer count = counts.get(time);
        List<Traced<FlowRecord>> due = new ArrayList<>(count == null ? 0 : count);
        if (count != null) {
            counts.remove(time);
            for (int number = 0; number < count; number++) {
                Tuple2<Long, Integer> place = Tuple2.of(time, number);
                due.add(flows.get(place));
                flows.remove(place);
            }
        }
        if (earlierFormat != null) {
            List<FlowRecord> earlier = earlierFormat.get(time);
            if (earlier != null) {
                earlierFormat.remove(time);
                earlier.forEach(flow -> due.add(new Traced<>(flow, null)));
            }
        }
        due.sort(ORDER);
        return due;
    }
}
