package io.millrace.operators.intrusion;

import java.lang.reflect.Type;
import java.util.Map;

import io.millrace.operators.source.Origin;
import io.millrace.schemas.FlowRecord;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * A flow in its place among the flows of its key, with what its key did before. Fields are public for Flink's
 * serializer.
 */
@TypeInfo(AssembledFlow.Info.class)
public final class AssembledFlow {

    /** The flow. */
    public FlowRecord flow;
    /** Where it was read; null if that is not known. */
    public Origin origin;
    /** Features of the key's history, in the order of {@link io.millrace.models.intrusion.KeyHistory#FEATURES}. */
    public double[] history;
    /** Position of the flow in its key, from 0. */
    public long sequence;
    /** Ids of the flows before it, newest first. */
    public String[] earlierIds;
    /** The flows before it in one line each, newest first. */
    public String[] earlierSummaries;

    public AssembledFlow() {}

    AssembledFlow(
            FlowRecord flow,
            Origin origin,
            double[] history,
            long sequence,
            String[] earlierIds,
            String[] earlierSummaries) {
        this.flow = flow;
        this.origin = origin;
        this.history = history;
        this.sequence = sequence;
        this.earlierIds = earlierIds;
        this.earlierSummaries = earlierSummaries;
    }

    /** Tells Flink how to serialise an assembled flow. */
    public static final class Info extends TypeInfoFactory<AssembledFlow> {
        @Override
        public TypeInformation<AssembledFlow> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            return Types.POJO(
                    AssembledFlow.class,
                    Map.of(
                            "flow", new AvroTypeInfo<>(FlowRecord.class),
                            "origin", TypeInformation.of(Origin.class),
                            "history", Types.PRIMITIVE_ARRAY(Types.DOUBLE),
                            "sequence", Types.LONG,
                            "earlierIds", Types.OBJECT_ARRAY(Types.STRING),
                            "earlierSummaries", Types.OBJECT_ARRAY(Types.STRING)));
        }
    }
}
