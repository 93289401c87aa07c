package io.millrace.connectors.kafka;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Parts what the source gives: values go on, dead letters leave by the side output {@link #DEAD_LETTERS}. Counts both
 * in the metrics {@code decoded} and {@code deadLetters.<reason>}.
 *
 * @param <T> type of the values
 */
public final class DeadLetterRouter<T extends SpecificRecord> extends ProcessFunction<Decoded<T>, T>
        implements ResultTypeQueryable<T> {
    /** The side output of the dead letters. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", DecodedTypeInfo.avro(DeadLetter.class));

    private final Class<T> type;
    private transient Counter decoded;
    private transient MetricGroup deadLetters;
    private transient Map<DeadLetterReason, Counter> reasons;

    public DeadLetterRouter(Class<T> type) {
        this.type = type;
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return DecodedTypeInfo.avro(type);
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        decoded = metrics.counter("decoded");
        deadLetters = metrics.addGroup("deadLetters");
        reasons = new EnumMap<>(DeadLetterReason.class);
    }

    @Override
    public void processElement(Decoded<T> record, Context context, Collector<T> out) {
        if (record.isValue()) {
            decoded.inc();
            out.collect(record.value());
        } else {
            DeadLetter letter = record.deadLetter();
            reasons.computeIfAbsent(
                            letter.getReason(),
                            reason -> deadLetters.counter(reason.name().toLowerCase(Locale.ROOT)))
                    .inc();
            context.output(DEAD_LETTERS, letter);
        }
    }
}
