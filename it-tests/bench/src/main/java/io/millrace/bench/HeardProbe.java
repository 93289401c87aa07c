package io.millrace.bench;

import io.millrace.operators.speech.HeardSpeech;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Tells an {@link OutputProbe} of every chunk that was heard. */
final class HeardProbe extends RichMapFunction<HeardSpeech, HeardSpeech> {

    private final int number;
    private transient OutputProbe probe;

    HeardProbe(int number) {
        this.number = number;
    }

    @Override
    public void open(OpenContext context) {
        probe = OutputProbe.of(number);
    }

    @Override
    public HeardSpeech map(HeardSpeech heard) {
        probe.seen(heard.speech.stretchStartTime);
        return heard;
    }
}
