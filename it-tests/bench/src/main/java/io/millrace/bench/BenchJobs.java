package io.millrace.bench;

import java.time.Duration;

import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.intrusion.network.FlowOutput;
import io.millrace.operators.inference.InferenceSettings;
import io.millrace.operators.inference.KeyedInferenceOperatorFactory;
import io.millrace.operators.inference.ModelReference;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.ModelRelease;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.OutputTag;

/** The jobs that are compared: the same source and sink, with another middle. */
final class BenchJobs {

    private static final TypeInformation<Tuple2<Long, Float>> RESULT = Types.TUPLE(Types.LONG, Types.FLOAT);
    private static final Duration ASYNC_TIMEOUT = Duration.ofMinutes(5);

    private final int batch;
    private final int slots;

    BenchJobs(int batch, int slots) {
        this.batch = batch;
        this.slots = slots;
    }

    /** Builds a variant: records from the source to the probe. */
    void build(
            StreamExecutionEnvironment environment,
            Variant variant,
            Workload workload,
            double perSecond,
            OutputProbe probe) {
        KeyedStream<BenchRecord, Integer> records = environment
                .fromSequence(0, Long.MAX_VALUE - 1)
                .map(new RecordSource(workload, perSecond, variant == Variant.ASYNC))
                .returns(BenchRecordType.INSTANCE)
                .keyBy(BenchRecord::key, Types.INT);
        DataStream<Tuple2<Long, Float>> results =
                switch (variant) {
                    case OPERATOR -> operator(environment, records, workload);
                    case PROCESS_FUNCTION ->
                        records.process(new FirstAttempt(workload)).returns(RESULT);
                    case ASYNC ->
                        AsyncDataStream.orderedWait(
                                        records,
                                        new RecomputingAsync(workload, batch),
                                        ASYNC_TIMEOUT.toMillis(),
                                        java.util.concurrent.TimeUnit.MILLISECONDS,
                                        batch * 8)
                                .returns(RESULT);
                    case RAW -> throw new IllegalArgumentException("the raw network is no job");
                };
        results.map(new ProbeMap(probe.number())).returns(RESULT).sinkTo(new DiscardingSink<>());
    }

    private DataStream<Tuple2<Long, Float>> operator(
            StreamExecutionEnvironment environment, KeyedStream<BenchRecord, Integer> records, Workload workload) {
        DataStream<ModelRelease> releases = environment
                .fromSequence(0, 0)
                .<ModelRelease>flatMap((ignored, out) -> {})
                .returns(new AvroTypeInfo<>(ModelRelease.class))
                .broadcast();
        InferenceSettings settings = InferenceSettings.builder("bench")
                .optMaxBatch(batch)
                .optCapacity(batch * 8)
                .optSlots(Math.max(slots, batch * 2))
                .optStateTtl(Duration.ZERO)
                .optDevice("cpu")
                .build();
        ModelReference model = new ModelReference(Workload.MODEL.name(), Workload.MODEL.version(), "", "");
        return records.connect(releases)
                .transform(
                        "infer",
                        RESULT,
                        new KeyedInferenceOperatorFactory<
                                Integer, BenchRecord, FlowInput, FlowOutput, Tuple2<Long, Float>>(
                                settings,
                                model,
                                (reference, device) ->
                                        new ArrayCount(workload.model(device), workload.nanosPerRecord()),
                                new OperatorMapping(),
                                new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class)),
                                BenchRecordSerializer.INSTANCE));
    }
}
