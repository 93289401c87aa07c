package io.millrace.operators.intrusion;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.schemas.Alert;
import io.millrace.schemas.Detection;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** What {@link AlertCorrelator} knows of one entity and kind of activity. Fields are public for Flink's serializer. */
@TypeInfo(AlertState.Info.class)
public final class AlertState {

    /** No timer is set. */
    static final long NO_TIMER = Long.MIN_VALUE;

    /** The open alert as it was last folded; null while there are too few detections for one. */
    public Alert alert;
    /** Detections that are too few for an alert yet, in the order of event time; empty once the alert is open. */
    public List<Detection> pending = new ArrayList<>();
    /** Event time up to which there has been activity, in milliseconds. */
    public long activeUntil = Long.MIN_VALUE;
    /** The timer that will look at this state, event time in milliseconds, or {@link #NO_TIMER}. */
    public long timer = NO_TIMER;
    /** Bits of the destinations seen, see {@link DistinctCounter}. */
    public long[] destinations = new long[DistinctCounter.WORDS];
    /** Bits of the destination ports seen. */
    public long[] ports = new long[DistinctCounter.WORDS];
    /** Truths of the detections, where they are known, with how often each was met; see {@link AlertFolding}. */
    public Map<String, Long> labels = new HashMap<>();

    /** Tells Flink how to serialise the state. */
    public static final class Info extends TypeInfoFactory<AlertState> {
        @Override
        public TypeInformation<AlertState> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            return Types.POJO(
                    AlertState.class,
                    Map.of(
                            "alert",
                            new AvroTypeInfo<>(Alert.class),
                            "pending",
                            Types.LIST(new AvroTypeInfo<>(Detection.class)),
                            "activeUntil",
                            Types.LONG,
                            "timer",
                            Types.LONG,
                            "destinations",
                            Types.PRIMITIVE_ARRAY(Types.LONG),
                            "ports",
                            Types.PRIMITIVE_ARRAY(Types.LONG),
                            "labels",
                            Types.MAP(Types.STRING, Types.LONG)));
        }
    }
}
