package io.millrace.operators.intrusion;

import java.lang.reflect.Type;
import java.util.Map;

import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** A detection, with what the model saw if the flow was drawn as a sample. Fields are public for Flink's serializer. */
@TypeInfo(Judged.Info.class)
public final class Judged {

    /** The verdict. */
    public Detection detection;
    /** What the model saw; null for a flow that was not drawn. */
    public FeatureSample sample;

    public Judged() {}

    Judged(Detection detection, FeatureSample sample) {
        this.detection = detection;
        this.sample = sample;
    }

    /** Tells Flink how to serialise it. */
    public static final class Info extends TypeInfoFactory<Judged> {
        @Override
        public TypeInformation<Judged> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            return Types.POJO(
                    Judged.class,
                    Map.of(
                            "detection", new AvroTypeInfo<>(Detection.class),
                            "sample", new AvroTypeInfo<>(FeatureSample.class)));
        }
    }
}
