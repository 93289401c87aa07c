package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.time.Clock;

import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.IntrusionConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.kafka.KafkaEdges;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.operators.alert.AlertCorrelator;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.operators.features.FeatureSamples;
import io.millrace.operators.features.SampleLimit;
import io.millrace.operators.inference.KeyedInference;
import io.millrace.operators.inference.KeyedInferenceOperatorFactory;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.intrusion.AssembledFlow;
import io.millrace.operators.intrusion.FlowAssembler;
import io.millrace.operators.intrusion.FlowRows;
import io.millrace.operators.intrusion.IntrusionAlerts;
import io.millrace.operators.intrusion.IntrusionMapping;
import io.millrace.operators.intrusion.IntrusionModelLoader;
import io.millrace.operators.intrusion.Judged;
import io.millrace.operators.intrusion.SplitJudged;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.Alert;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.Verdict;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.OutputTag;

import static io.millrace.jobs.kafka.KafkaEdges.bytes;

/**
 * Network intrusion detection: flows in, detections and alerts out.
 *
 * <p>Decode, put the flows of a host in order, judge each in the light of those before it, fold detections into alerts.
 */
public final class NetworkIntrusionJob implements StreamingJob {

    private static final String STAGE = "intrusion";
    private static final TypeInformation<DeadLetter> DEAD_LETTER = TypeInformation.of(DeadLetter.class);

    /** Name of the job where the configuration gives none. */
    public static final String NAME = "network-intrusion";

    private final IntrusionConfiguration intrusion;
    private final KafkaEdges kafka;

    public NetworkIntrusionJob(JobConfiguration configuration) {
        this.intrusion = configuration.intrusion();
        this.kafka = new KafkaEdges(
                configuration.orNamed(NAME), STAGE, intrusion.topics().deadLetters());
    }

    @Override
    public void build(StreamExecutionEnvironment environment) {
        SingleOutputStreamOperator<Traced<FlowRecord>> flows = flows(environment);
        SingleOutputStreamOperator<ModelRelease> releases =
                kafka.releases(environment, intrusion.topics().releases());
        SingleOutputStreamOperator<AssembledFlow> assembled = assemble(flows);
        SingleOutputStreamOperator<Judged> judged = judge(assembled, releases);
        SingleOutputStreamOperator<Detection> detections = judged.process(new SplitJudged())
                .name("Part detections from samples")
                .uid("split");
        SingleOutputStreamOperator<Alert> alerts = correlate(detections);
        DataStream<DeadLetter> deadLetters = flows.getSideOutput(DeadLetterRouter.DEAD_LETTERS)
                .union(
                        releases.getSideOutput(DeadLetterRouter.DEAD_LETTERS),
                        assembled.getSideOutput(late()),
                        judged.getSideOutput(unanswerable()));
        kafka.write(detections, Detection.class, intrusion.topics().detections(), d -> bytes(d.getKey()), "detections");
        kafka.write(alerts, Alert.class, intrusion.topics().alerts(), a -> bytes(a.getAlertId()), "alerts");
        kafka.write(
                samples(detections),
                FeatureSample.class,
                intrusion.topics().features(),
                s -> bytes(s.getKey()),
                "samples");
        kafka.writeDeadLetters(deadLetters);
    }

    private static OutputTag<DeadLetter> late() {
        return new OutputTag<>("late-flows", DEAD_LETTER);
    }

    private static OutputTag<DeadLetter> unanswerable() {
        return new OutputTag<>("unanswerable-flows", DEAD_LETTER);
    }

    private SingleOutputStreamOperator<Traced<FlowRecord>> flows(StreamExecutionEnvironment environment) {
        return kafka.read(
                environment,
                FlowRecord.class,
                intrusion.topics().flows(),
                intrusion.startFrom(),
                new EventTime<>(flow -> flow.getEndTime().toEpochMilli(), intrusion.maxAhead()),
                intrusion.disorder(),
                intrusion.idleAfter(),
                "flows");
    }

    private SingleOutputStreamOperator<AssembledFlow> assemble(DataStream<Traced<FlowRecord>> flows) {
        return flows.keyBy(flow -> FlowRows.keyOf(flow.record), Types.STRING)
                .transform(
                        "Order the flows of each host",
                        TypeInformation.of(AssembledFlow.class),
                        inEventTime(new FlowAssembler(
                                intrusion.disorder(),
                                evidenceWindow(),
                                intrusion.inferenceSettings().stateTtl(),
                                Clock.systemUTC(),
                                late())))
                .uid("assemble");
    }

    private <IN, OUT> EventTimeOperator<String, IN, OUT> inEventTime(KeyedProcessFunction<String, IN, OUT> function) {
        return new EventTimeOperator<>(function, intrusion.disorder(), Clock.systemUTC());
    }

    private static int evidenceWindow() {
        return 15;
    }

    private SingleOutputStreamOperator<Judged> judge(
            DataStream<AssembledFlow> assembled, DataStream<ModelRelease> releases) {
        FlowProfile profile = FlowProfile.of(intrusion.profile());
        ModelReference model;
        try {
            model = IntrusionModelLoader.referenceTo(intrusion.model());
        } catch (IOException missing) {
            throw new ConfigurationException("intrusion.model: " + missing.getMessage());
        }
        KeyedStream<AssembledFlow, String> byHost =
                DataStreamUtils.reinterpretAsKeyedStream(assembled, flow -> FlowRows.keyOf(flow.flow), Types.STRING);
        TypeInformation<AssembledFlow> flowType = TypeInformation.of(AssembledFlow.class);
        SingleOutputStreamOperator<Judged> judged = KeyedInference.connect(
                "Judge flows with the network",
                byHost,
                releases,
                new KeyedInferenceOperatorFactory<>(
                        intrusion.inferenceSettings(),
                        model,
                        new IntrusionModelLoader(profile),
                        new IntrusionMapping(profile, intrusion.samples().draw()),
                        unanswerable(),
                        flowType.createSerializer(new SerializerConfigImpl())),
                TypeInformation.of(Judged.class));
        return judged.uid("judge");
    }

    private SingleOutputStreamOperator<FeatureSample> samples(SingleOutputStreamOperator<Detection> detections) {
        return DataStreamUtils.reinterpretAsKeyedStream(
                        detections.getSideOutput(FeatureSamples.OUTPUT), FeatureSample::getKey, Types.STRING)
                .process(new SampleLimit(intrusion.samples().perMinute()))
                .returns(FeatureSamples.TYPE)
                .name("Limit samples")
                .uid("limit-samples");
    }

    private SingleOutputStreamOperator<Alert> correlate(DataStream<Detection> detections) {
        IntrusionAlerts source = new IntrusionAlerts();
        return detections
                .filter(detection -> detection.getVerdict() == Verdict.ATTACK)
                .name("Keep attacks")
                .uid("keep-attacks")
                .keyBy(source::entity, Types.STRING)
                .transform(
                        "Fold detections into alerts",
                        TypeInformation.of(Alert.class),
                        inEventTime(new AlertCorrelator<>(intrusion.alertPolicy(), source)))
                .uid("correlate");
    }
}
