package io.millrace.operators.speech;

import java.util.List;

import io.millrace.schemas.KeywordAlert;
import io.millrace.schemas.Transcript;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * What was heard in each channel to its transcripts; alerts of keywords go to the side output {@link #KEYWORDS}. The
 * state of a stretch goes with its end, which {@link SpeechAssembler} sends of every stretch.
 */
public final class Transcription extends KeyedProcessFunction<String, HeardSpeech, Transcript> {

    /** Alerts of keywords in finals. */
    public static final OutputTag<KeywordAlert> KEYWORDS =
            new OutputTag<>("keywords", new AvroTypeInfo<>(KeywordAlert.class));

    private static final int SAMPLES = 1000;

    private final SpeechContract contract;
    private final DecodingSettings settings;
    private final List<String> keywords;

    private transient ValueState<UtteranceState> utterances;
    private transient Transcripts transcripts;
    private transient KeywordSpotter spotter;
    private transient Counter partials;
    private transient Counter finals;
    private transient Counter alerts;
    private transient Histogram partialDelay;
    private transient Histogram finalDelay;

    /** {@code keywords}: words and phrases to watch for. */
    public Transcription(SpeechContract contract, DecodingSettings settings, List<String> keywords) {
        this.contract = contract;
        this.settings = settings;
        this.keywords = List.copyOf(keywords);
    }

    @Override
    public void open(OpenContext context) {
        utterances = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("utterance", TypeInformation.of(UtteranceState.class)));
        transcripts = new Transcripts(contract, settings);
        spotter = new KeywordSpotter(keywords);
        MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("transcripts");
        partials = group.counter("partials");
        finals = group.counter("finals");
        alerts = group.counter("keywordAlerts");
        partialDelay = group.histogram("partialDelayMillis", new DescriptiveStatisticsHistogram(SAMPLES));
        finalDelay = group.histogram("finalDelayMillis", new DescriptiveStatisticsHistogram(SAMPLES));
    }

    @Override
    public void processElement(HeardSpeech heard, Context context, Collector<Transcript> out) throws Exception {
        long now = context.timerService().currentProcessingTime();
        UtteranceState state = transcripts.accept(utterances.value(), heard, transcript -> {
            out.collect(transcript);
            measure(transcript, now);
            for (KeywordAlert alert : spotter.alerts(transcript)) {
                alerts.inc();
                context.output(KEYWORDS, alert);
            }
        });
        if (state == null) {
            utterances.clear();
        } else {
            utterances.update(state);
        }
    }

    private void measure(Transcript transcript, long now) {
        long delay = now - transcript.getEventTime().toEpochMilli();
        (transcript.getIsFinal() ? finals : partials).inc();
        (transcript.getIsFinal() ? finalDelay : partialDelay).update(delay);
    }
}
