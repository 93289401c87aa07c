package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.time.Clock;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.IntrusionConfiguration;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.operators.alert.AlertCorrelator;
import io.millrace.operators.eventtime.EventTimeOperator;
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
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.OutputTag;

/** Flows to detections and alerts: the job without its edges, for flows from anywhere. */
public final class IntrusionGraph {

    private static final TypeInformation<DeadLetter> DEAD_LETTER = TypeInformation.of(DeadLetter.class);

    private final IntrusionConfiguration intrusion;

    /** The graph of a configuration, of which the topics do not matter here. */
    public IntrusionGraph(IntrusionConfiguration intrusion) {
        this.intrusion = intrusion;
    }

    /**
     * What comes of the flows.
     *
     * @param detections the verdict of each flow; samples are in the side output {@link
     *     io.millrace.operators.features.FeatureSamples#OUTPUT}
     * @param alerts revisions of alerts
     * @param deadLetters flows that came too late or could not be judged
     */
    public record Outcome(
            SingleOutputStreamOperator<Detection> detections,
            SingleOutputStreamOperator<Alert> alerts,
            DataStream<DeadLetter> deadLetters) {}

    /**
     * Adds the operators to the job of these streams.
     *
     * @param flows flows with event times and watermarks
     * @param releases model versions to go over to
     */
    public Outcome connect(DataStream<Traced<FlowRecord>> flows, DataStream<ModelRelease> releases) {
        SingleOutputStreamOperator<AssembledFlow> assembled = assemble(flows);
        SingleOutputStreamOperator<Judged> judged = judge(assembled, releases);
        SingleOutputStreamOperator<Detection> detections = judged.process(new SplitJudged())
                .name("Part detections from samples")
                .uid("split");
        return new Outcome(
                detections,
                correlate(detections),
                assembled.getSideOutput(late()).union(judged.getSideOutput(unanswerable())));
    }

    private static OutputTag<DeadLetter> late() {
        return new OutputTag<>("late-flows", DEAD_LETTER);
    }

    private static OutputTag<DeadLetter> unanswerable() {
        return new OutputTag<>("unanswerable-flows", DEAD_LETTER);
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
