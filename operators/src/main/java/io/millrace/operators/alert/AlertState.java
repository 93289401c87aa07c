package io.millrace.operators.alert;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.schemas.Alert;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * What {@link AlertCorrelator} knows of one entity and kind of activity. Fields are public for Flink's serializer, which
 * lets fields be added or removed in a savepoint; the alerts in it follow the rules of Avro.
 */
@TypeInfo(AlertState.Info.class)
public final class AlertState {

    /** No timer is set. */
    static final long NO_TIMER = Long.MIN_VALUE;

    /** The open alert as it was last folded; null while there are too few observations for one. */
    public Alert alert;
    /** Observations that are too few for an alert yet, in the order of event time; empty once the alert is open. */
    public List<Alert> pending = new ArrayList<>();
    /** Event time up to which there has been activity, in milliseconds. */
    public long activeUntil = Long.MIN_VALUE;
    /** The timer that will look at this state, event time in milliseconds, or {@link #NO_TIMER}. */
    public long timer = NO_TIMER;
    /** Bits of the subjects seen, where they are too many to be listed; see {@link AlertSubjects}. */
    public Map<String, long[]> seen = new HashMap<>();
    /** Truths of the observations, where they are known, with how often each was met. */
    public Map<String, Long> labels = new HashMap<>();

    /** Whether there is nothing to be known. */
    boolean isEmpty() {
        return alert == null && pending.isEmpty();
    }

    /** Forgets all but the timer, which goes on. */
    void clear() {
        alert = null;
        pending.clear();
        activeUntil = Long.MIN_VALUE;
        seen.clear();
        labels.clear();
    }

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
                            Types.LIST(new AvroTypeInfo<>(Alert.class)),
                            "activeUntil",
                            Types.LONG,
                            "timer",
                            Types.LONG,
                            "seen",
                            Types.MAP(Types.STRING, Types.PRIMITIVE_ARRAY(Types.LONG)),
                            "labels",
                            Types.MAP(Types.STRING, Types.LONG)));
        }
    }
}
