package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.time.Clock;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.stage.StageGraph;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.operators.inference.FolderModelLoader;
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
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Verdict;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.OutputTag;

/**
 * Network intrusion detection: flows in, detections and alerts out.
 *
 * <p>Decode, put the flows of a host in order, judge each in the light of those before it, fold detections into alerts.
 */
public final class NetworkIntrusionJob {

    /** Earlier flows of a host that are shown with an alert. */
    private static final int EVIDENCE_WINDOW = 15;

    private final StageGraph graph;
    private final IntrusionConfiguration intrusion;

    NetworkIntrusionJob(StageGraph graph, IntrusionConfiguration intrusion) {
        this.graph = graph;
        this.intrusion = intrusion;
    }

    void build() {
        SingleOutputStreamOperator<Judged> judged = judge(assemble(flows()));
        SingleOutputStreamOperator<Detection> detections = judged.process(new SplitJudged())
                .name("Part detections from samples")
                .uid("split");
        graph.write(detections, IntrusionTopics.DETECTIONS);
        correlate(detections);
        graph.writeSamples(detections, intrusion.samples());
    }

    private SingleOutputStreamOperator<Traced<FlowRecord>> flows() {
        return graph.read(
                IntrusionTopics.FLOWS,
                intrusion.startFrom(),
                intrusion.maxAhead(),
                intrusion.disorder(),
                intrusion.idleAfter());
    }

    private SingleOutputStreamOperator<AssembledFlow> assemble(DataStream<Traced<FlowRecord>> flows) {
        OutputTag<DeadLetter> late = StageGraph.letterTag("late-flows");
        SingleOutputStreamOperator<AssembledFlow> assembled = flows.keyBy(
                        flow -> FlowRows.keyOf(flow.record), Types.STRING)
                .transform(
                        "Order the flows of each host",
                        TypeInformation.of(AssembledFlow.class),
                        inEventTime(new FlowAssembler(
                                intrusion.disorder(),
                                EVIDENCE_WINDOW,
                                intrusion.inferenceSettings().stateTtl(),
                                Clock.systemUTC(),
                                late)))
                .uid("assemble");
        graph.deadLetters(assembled, late);
        return assembled;
    }

    private <IN, OUT> EventTimeOperator<String, IN, OUT> inEventTime(KeyedProcessFunction<String, IN, OUT> function) {
        return new EventTimeOperator<>(function, intrusion.disorder(), Clock.systemUTC());
    }

    private SingleOutputStreamOperator<Judged> judge(DataStream<AssembledFlow> assembled) {
        FlowProfile profile = FlowProfile.of(intrusion.profile());
        IntrusionModelLoader loader = new IntrusionModelLoader(profile);
        ModelReference model;
        try {
            model = FolderModelLoader.find(intrusion.model(), IntrusionModel.KIND)
                    .reference();
        } catch (IOException | IllegalArgumentException wrong) {
            throw new ConfigurationException("intrusion.model: " + wrong.getMessage());
        }
        return graph.infer(
                "Judge flows with the network",
                "judge",
                DataStreamUtils.reinterpretAsKeyedStream(assembled, flow -> FlowRows.keyOf(flow.flow), Types.STRING),
                new StageGraph.Network<>(
                        intrusion.inferenceSettings(),
                        model,
                        loader,
                        new IntrusionMapping(profile, intrusion.samples().draw())),
                TypeInformation.of(AssembledFlow.class),
                TypeInformation.of(Judged.class));
    }

    private void correlate(DataStream<Detection> detections) {
        DataStream<Detection> attacks = detections
                .filter(detection -> detection.getVerdict() == Verdict.ATTACK)
                .name("Keep attacks")
                .uid("keep-attacks");
        graph.writeAlerts(
                "Fold detections into alerts",
                attacks,
                new IntrusionAlerts(),
                intrusion.alertPolicy(),
                this::inEventTime);
    }
}
