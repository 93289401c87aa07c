package io.millrace.jobs.intrusion;

import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.IntrusionConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.kafka.KafkaEdges;
import io.millrace.operators.features.FeatureSamples;
import io.millrace.operators.features.SampleLimit;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.Alert;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.ModelRelease;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import static io.millrace.jobs.kafka.KafkaEdges.bytes;

/**
 * Network intrusion detection: flows in, detections and alerts out.
 *
 * <p>Decode, put the flows of a host in order, judge each in the light of those before it, fold detections into alerts.
 */
public final class NetworkIntrusionJob implements StreamingJob {

    private static final String STAGE = "intrusion";

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
        IntrusionGraph.Outcome outcome = new IntrusionGraph(intrusion).connect(flows, releases);
        DataStream<DeadLetter> deadLetters = flows.getSideOutput(DeadLetterRouter.DEAD_LETTERS)
                .union(releases.getSideOutput(DeadLetterRouter.DEAD_LETTERS), outcome.deadLetters());
        SingleOutputStreamOperator<Detection> detections = outcome.detections();
        kafka.write(detections, Detection.class, intrusion.topics().detections(), d -> bytes(d.getKey()), "detections");
        kafka.write(outcome.alerts(), Alert.class, intrusion.topics().alerts(), a -> bytes(a.getAlertId()), "alerts");
        kafka.write(
                samples(detections),
                FeatureSample.class,
                intrusion.topics().features(),
                s -> bytes(s.getKey()),
                "samples");
        kafka.writeDeadLetters(deadLetters);
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

    private SingleOutputStreamOperator<FeatureSample> samples(SingleOutputStreamOperator<Detection> detections) {
        return DataStreamUtils.reinterpretAsKeyedStream(
                        detections.getSideOutput(FeatureSamples.OUTPUT), FeatureSample::getKey, Types.STRING)
                .process(new SampleLimit(intrusion.samples().perMinute()))
                .returns(FeatureSamples.TYPE)
                .name("Limit samples")
                .uid("limit-samples");
    }
}
