package io.millrace.jobs.intrusion;

import java.util.List;
import java.util.Optional;

import io.millrace.jobs.demo.Demonstration;
import io.millrace.jobs.stage.Stage;
import io.millrace.jobs.stage.StageCommand;
import io.millrace.jobs.stage.StageGraph;
import io.millrace.jobs.stage.Verb;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;

/** Network intrusion detection: flows in, detections and alerts out. */
public final class IntrusionStage implements Stage<IntrusionConfiguration> {

    /** Its name. */
    public static final String NAME = "intrusion";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String jobName() {
        return "network-intrusion";
    }

    @Override
    public String summary() {
        return "Judges the flows of a Kafka topic and writes detections and alerts.";
    }

    @Override
    public Class<IntrusionConfiguration> configuration() {
        return IntrusionConfiguration.class;
    }

    @Override
    public List<Topic<?>> topics() {
        return IntrusionTopics.ofTheJob();
    }

    @Override
    public List<Topic<?>> topicsBeside() {
        return IntrusionTopics.besideTheJob();
    }

    @Override
    public void build(StageGraph graph, IntrusionConfiguration configuration) {
        new NetworkIntrusionJob(graph, configuration).build();
    }

    @Override
    public List<StageCommand> commands() {
        return List.of(
                StageCommand.under(Verb.SIMULATE, new SimulateFlowsCommand()),
                StageCommand.under(Verb.COLLECT, new CollectNetFlowCommand()),
                StageCommand.under(Verb.COLLECT, new CollectZeekCommand()),
                StageCommand.under(Verb.COLLECT, new CollectEveCommand()),
                StageCommand.under(Verb.DECODE, new DecodeNetFlowCommand()),
                StageCommand.under(Verb.TRAIN, new TrainIntrusionCommand()),
                StageCommand.under(Verb.EVALUATE, new EvaluateIntrusionCommand()),
                StageCommand.under(Verb.COMPARE, new CompareIntrusionCommand()),
                StageCommand.under(Verb.PARITY, new FlowTransformerParityCommand()));
    }

    @Override
    public Optional<Demonstration> demonstration() {
        return Optional.of(new IntrusionDemonstration());
    }
}
