package io.millrace.connectors.kafka;

import java.io.Serializable;
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
 * Parts what the source gives: values go on, alone or with their origin, dead letters leave by the side output {@link
 * #DEAD_LETTERS}. Counts both in the metrics {@code decoded} and {@code deadLetters.<reason>}.
 *
 * @param <T> type of the values
 * @param <R> what goes on of a value
 */
public final class DeadLetterRouter<T extends SpecificRecord, R> extends ProcessFunction<Decoded<T>, R>
        implements ResultTypeQueryable<R> {
    /** The side output of the dead letters. */
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", DecodedTypeInfo.avro(DeadLetter.class));

    /** What goes on of a value. */
    @FunctionalInterface
    public interface Passage<T, R> extends Serializable {
        R of(T value, RecordOrigin origin);
    }

    private final TypeInformation<R> type;
    private final Passage<T, R> passage;
    private transient Counter decoded;
    private transient MetricGroup deadLetters;
    private transient Map<DeadLetterReason, Counter> reasons;

    private DeadLetterRouter(TypeInformation<R> type, Passage<T, R> passage) {
        this.type = type;
        this.passage = passage;
    }

    /** Values go on alone. */
    public static <T extends SpecificRecord> DeadLetterRouter<T, T> of(Class<T> type) {
        return new DeadLetterRouter<>(DecodedTypeInfo.avro(type), (value, origin) -> value);
    }

    /** Values go on as {@code passage} has them, for example with their origin. */
    public static <T extends SpecificRecord, R> DeadLetterRouter<T, R> of(
            TypeInformation<R> type, Passage<T, R> passage) {
        return new DeadLetterRouter<>(type, passage);
    }

    @Override
    public TypeInformation<R> getProducedType() {
        return type;
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        decoded = metrics.counter("decoded");
        deadLetters = metrics.addGroup("deadLetters");
        reasons = new EnumMap<>(DeadLetterReason.class);
    }

    @Override
    public void processElement(Decoded<T> record, Context context, Collector<R> out) {
        if (record.isValue()) {
            decoded.inc();
            out.collect(passage.of(record.value(), record.origin()));
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
