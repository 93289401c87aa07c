package io.millrace.operators.intrusion;

import java.lang.reflect.Type;
import java.util.Map;

import io.millrace.schemas.Alert;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** What {@link AlertCorrelator} knows of one entity and kind of activity. Fields are public for Flink's serializer. */
@TypeInfo(AlertState.Info.class)
public final class AlertState {

    /** The alert as it stands; not yet sent while {@link #open} is false. */
    public Alert alert;
    /** Whether the alert has been sent. */
    public boolean open;
    /** Bits of the destinations seen, see {@link DistinctCounter}. */
    public long[] destinations = new long[DistinctCounter.WORDS];
    /** Bits of the destination ports seen. */
    public long[] ports = new long[DistinctCounter.WORDS];

    /** Tells Flink how to serialise the state. */
    public static final class Info extends TypeInfoFactory<AlertState> {
        @Override
        public TypeInformation<AlertState> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            return Types.POJO(
                    AlertState.class,
                    Map.of(
                            "alert",
                            new AvroTypeInfo<>(Alert.class),
                            "open",
                            Types.BOOLEAN,
                            "destinations",
                            Types.PRIMITIVE_ARRAY(Types.LONG),
                            "ports",
                            Types.PRIMITIVE_ARRAY(Types.LONG)));
        }
    }
}
