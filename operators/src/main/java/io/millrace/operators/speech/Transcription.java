package io.millrace.operators.speech;

import io.millrace.operators.features.FeatureSamples;
import io.millrace.schemas.Transcript;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * What was heard in each channel to its transcripts; samples go to the side output {@link FeatureSamples#OUTPUT}. The
 * state of a stretch goes with its end, which {@link SpeechAssembler} sends of every stretch.
 */
public final class Transcription extends KeyedProcessFunction<String, HeardSpeech, Transcript> {

    private static final int SAMPLES = 1000;

    private final SpeechContract contract;
    private final DecodingSettings settings;

    private transient ValueState<UtteranceState> utterances;
    private transient Transcripts transcripts;
    private transient Counter partials;
    private transient Counter finals;
    private transient Histogram partialDelay;
    private transient Histogram finalDelay;

    public Transcription(SpeechContract contract, DecodingSettings settings) {
        this.contract = contract;
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        utterances = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("utterance", TypeInformation.of(UtteranceState.class)));
        transcripts = new Transcripts(contract, settings);
        MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("transcripts");
        partials = group.counter("partials");
        finals = group.counter("finals");
        partialDelay = group.histogram("partialDelayMillis", new DescriptiveStatisticsHistogram(SAMPLES));
        finalDelay = group.histogram("finalDelayMillis", new DescriptiveStatisticsHistogram(SAMPLES));
    }

    @Override
    public void processElement(HeardSpeech heard, Context context, Collector<Transcript> out) throws Exception {
        long now = context.timerService().currentProcessingTime();
        UtteranceState state = transcripts.accept(utterances.value(), heard, transcript -> {
            out.collect(transcript);
            measure(transcript, now);
        });
        if (state == null) {
            utterances.clear();
        } else {
            utterances.update(state);
        }
        if (heard.sample != null) {
            context.output(FeatureSamples.OUTPUT, heard.sample);
        }
    }

    private void measure(Transcript transcript, long now) {
        long delay = now - transcript.getEventTime().toEpochMilli();
        (transcript.getIsFinal() ? finals : partials).inc();
        (transcript.getIsFinal() ? finalDelay : partialDelay).update(delay);
    }
}
