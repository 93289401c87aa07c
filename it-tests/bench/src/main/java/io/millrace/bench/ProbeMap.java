package io.millrace.bench;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.java.tuple.Tuple2;

/** Tells an {@link OutputProbe} of every result. Results are (when the record was made, logit). */
final class ProbeMap extends RichMapFunction<Tuple2<Long, Float>, Tuple2<Long, Float>> {

    private final int number;
    private transient OutputProbe probe;

    ProbeMap(int number) {
        this.number = number;
    }

    @Override
    public void open(OpenContext context) {
        probe = OutputProbe.of(number);
    }

    @Override
    public Tuple2<Long, Float> map(Tuple2<Long, Float> result) {
        probe.seen(result.f0);
        return result;
    }
}
