package io.millrace.operators.intrusion;

import io.millrace.operators.features.FeatureSamples;
import io.millrace.schemas.Detection;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Detections to the main output, samples to the side output {@link FeatureSamples#OUTPUT}. */
public final class SplitJudged extends ProcessFunction<Judged, Detection> {

    @Override
    public void processElement(Judged judged, Context context, Collector<Detection> out) {
        out.collect(judged.detection);
        if (judged.sample != null) {
            context.output(FeatureSamples.OUTPUT, judged.sample);
        }
    }
}
