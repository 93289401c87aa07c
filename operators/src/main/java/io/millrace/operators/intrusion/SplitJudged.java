package io.millrace.operators.intrusion;

import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Detections to the main output, samples to the side output {@link #SAMPLES}. */
public final class SplitJudged extends ProcessFunction<Judged, Detection> {

    /** Samples of what the model saw. */
    public static final OutputTag<FeatureSample> SAMPLES =
            new OutputTag<>("samples", new AvroTypeInfo<>(FeatureSample.class));

    @Override
    public void processElement(Judged judged, Context context, Collector<Detection> out) {
        out.collect(judged.detection);
        if (judged.sample != null) {
            context.output(SAMPLES, judged.sample);
        }
    }
}
