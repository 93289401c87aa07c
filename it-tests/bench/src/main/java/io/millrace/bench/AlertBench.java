package io.millrace.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.millrace.jobs.intrusion.AlertLedger;
import io.millrace.jobs.intrusion.AlertScore;
import io.millrace.jobs.intrusion.FlowTraffic;
import io.millrace.jobs.intrusion.IntrusionConfiguration;
import io.millrace.jobs.intrusion.IntrusionStage;
import io.millrace.jobs.stage.StageJob;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.Alert;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.simulators.flow.FlowGenerator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * Alerts of simulated traffic against its truth: the operators of the intrusion job between a generator and a list, in event
 * time as fast as it goes.
 */
final class AlertBench {

    /** The beginning, of which no host is known, is looked at apart. */
    static final Duration BEGINNING = Duration.ofMinutes(1);

    private final IntrusionConfiguration intrusion;
    private final double perSecond;
    private final Duration length;

    /**
     * One run.
     *
     * @param flows flows judged
     * @param whole all alerts against all campaigns
     * @param beginning alerts opened by flows of the first minute, as they were opened, against what campaigns had done
     *     by then
     * @param notRight alerts that are not right, as their last revisions
     */
    record Outcome(long flows, AlertScore whole, AlertScore beginning, List<Alert> notRight) {}

    AlertBench(IntrusionConfiguration intrusion, double perSecond, Duration length) {
        this.intrusion = intrusion;
        this.perSecond = perSecond;
        this.length = length;
    }

    /** Runs traffic of a seed that begins at an event time. */
    Outcome run(long seed, Instant start) throws Exception {
        SimulatedFlows traffic = new SimulatedFlows(seed, perSecond, start, length);
        AlertLedger whole = new AlertLedger();
        AlertLedger beginning = new AlertLedger();
        Instant begun = start.plus(BEGINNING);
        long flows = 0;
        FlowGenerator generator = traffic.generator();
        while (generator.hasNext()) {
            FlowRecord flow = generator.next();
            whole.flow(flow);
            if (!flow.getEndTime().isAfter(begun)) {
                beginning.flow(flow);
            }
            flows++;
        }
        try (CloseableIterator<Alert> alerts = alerts(traffic, flows)) {
            alerts.forEachRemaining(alert -> {
                whole.alert(alert);
                if (alert.getRevision() == 0 && !alert.getEventTime().isAfter(begun)) {
                    beginning.alert(alert);
                }
            });
        }
        return new Outcome(flows, whole.score(), beginning.score(), whole.notRight());
    }

    private CloseableIterator<Alert> alerts(SimulatedFlows traffic, long flows) throws Exception {
        Configuration options = new Configuration();
        options.set(PipelineOptions.GENERIC_TYPES, false);
        options.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(50));
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, options);
        SingleOutputStreamOperator<Traced<FlowRecord>> records = environment
                .fromSequence(1, flows)
                .map(traffic)
                .returns(Traced.of(FlowRecord.class))
                .assignTimestampsAndWatermarks(
                        WatermarkStrategy.<Traced<FlowRecord>>forBoundedOutOfOrderness(FlowTraffic.Simulated.DISORDER)
                                .withTimestampAssigner((flow, ignored) ->
                                        flow.record.getEndTime().toEpochMilli()));
        CollectedEdges edges = new CollectedEdges(records);
        StageJob.build(edges, new IntrusionStage(), intrusion);
        return edges.of(IntrusionTopics.ALERTS).executeAndCollect("alerts of simulated traffic");
    }
}
