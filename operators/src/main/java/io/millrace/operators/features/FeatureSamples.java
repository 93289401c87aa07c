package io.millrace.operators.features;

import java.util.ArrayList;
import java.util.List;

import io.millrace.schemas.FeatureSample;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.OutputTag;
import org.apiguardian.api.API;

/** What the steps of a stage have in common that handle samples of what its model saw and thought. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FeatureSamples {

    /** How Flink serialises a sample. */
    public static final TypeInformation<FeatureSample> TYPE = new AvroTypeInfo<>(FeatureSample.class);

    /** Side output of samples. */
    public static final OutputTag<FeatureSample> OUTPUT = new OutputTag<>("samples", TYPE);

    private FeatureSamples() {}

    /** Numbers as a sample holds them. */
    public static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }
}
