package io.millrace.jobs.cli;

import java.util.List;

import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.SpeechConfiguration;
import io.millrace.jobs.speech.SpeechRecognitionJob;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCatalogue;
import picocli.CommandLine.Command;

/** {@code millrace run speech}: streaming speech recognition against the user's own brokers. */
@Command(
        name = "speech",
        description = "Transcribes the audio of a Kafka topic and writes transcripts and alerts of keywords.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace run speech --config speech.yaml",
            "  millrace run speech --config speech.yaml --jobmanager flink.example:8081"
        })
public final class RunSpeechCommand extends RunStageCommand {

    @Override
    protected String jobName() {
        return SpeechRecognitionJob.NAME;
    }

    @Override
    protected StreamingJob job(JobConfiguration configuration) {
        return new SpeechRecognitionJob(configuration);
    }

    @Override
    protected InferenceConfiguration inference(JobConfiguration configuration) {
        return configuration.speech().inference();
    }

    @Override
    protected List<Topic> topics(JobConfiguration configuration) {
        SpeechConfiguration.Topics topics = configuration.speech().topics();
        return List.of(
                renamed(TopicCatalogue.AUDIO, topics.audio()),
                renamed(TopicCatalogue.TRANSCRIPTS, topics.transcripts()),
                renamed(TopicCatalogue.SPEECH_ALERTS, topics.alerts()),
                renamed(TopicCatalogue.SPEECH_DEAD_LETTERS, topics.deadLetters()),
                renamed(TopicCatalogue.SPEECH_FEATURES, topics.features()),
                renamed(TopicCatalogue.MODEL_RELEASES, topics.releases()));
    }
}
