package io.millrace.jobs.cli;

import java.util.List;

import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.IntrusionConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.intrusion.NetworkIntrusionJob;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCatalogue;
import picocli.CommandLine.Command;

/** {@code millrace run intrusion}: network intrusion detection against the user's own brokers. */
@Command(
        name = "intrusion",
        description = "Judges the flows of a Kafka topic and writes detections and alerts.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace run intrusion --config intrusion.yaml",
            "  millrace run intrusion --config intrusion.yaml --jobmanager flink.example:8081"
        })
public final class RunIntrusionCommand extends RunStageCommand {

    @Override
    protected String jobName() {
        return NetworkIntrusionJob.NAME;
    }

    @Override
    protected StreamingJob job(JobConfiguration configuration) {
        return new NetworkIntrusionJob(configuration);
    }

    @Override
    protected InferenceConfiguration inference(JobConfiguration configuration) {
        return configuration.intrusion().inference();
    }

    @Override
    protected List<Topic> topics(JobConfiguration configuration) {
        IntrusionConfiguration.Topics topics = configuration.intrusion().topics();
        return List.of(
                renamed(TopicCatalogue.FLOWS, topics.flows()),
                renamed(TopicCatalogue.DETECTIONS, topics.detections()),
                renamed(TopicCatalogue.ALERTS, topics.alerts()),
                renamed(TopicCatalogue.DEAD_LETTERS, topics.deadLetters()),
                renamed(TopicCatalogue.FEATURES, topics.features()),
                renamed(TopicCatalogue.MODEL_RELEASES, topics.releases()));
    }
}
