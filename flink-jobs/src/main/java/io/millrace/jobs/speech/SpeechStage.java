package io.millrace.jobs.speech;

import java.util.List;
import java.util.Optional;

import io.millrace.jobs.demo.Demonstration;
import io.millrace.jobs.stage.Stage;
import io.millrace.jobs.stage.StageCommand;
import io.millrace.jobs.stage.StageGraph;
import io.millrace.jobs.stage.Verb;
import io.millrace.schemas.SpeechTopics;
import io.millrace.schemas.Topic;

/** Streaming speech recognition: audio in, transcripts and alerts of keywords out. */
public final class SpeechStage implements Stage<SpeechConfiguration> {

    /** Its name. */
    public static final String NAME = "speech";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String jobName() {
        return "speech-recognition";
    }

    @Override
    public String summary() {
        return "Transcribes the audio of a Kafka topic and writes transcripts and alerts of keywords.";
    }

    @Override
    public Class<SpeechConfiguration> configuration() {
        return SpeechConfiguration.class;
    }

    @Override
    public List<Topic<?>> topics() {
        return SpeechTopics.ofTheJob();
    }

    @Override
    public List<Topic<?>> topicsBeside() {
        return SpeechTopics.besideTheJob();
    }

    @Override
    public void build(StageGraph graph, SpeechConfiguration configuration) {
        new SpeechRecognitionJob(graph, configuration).build();
    }

    @Override
    public List<StageCommand> commands() {
        return List.of(
                StageCommand.under(Verb.SIMULATE, new SimulateAudioCommand()),
                StageCommand.under(Verb.SIMULATE, new SimulateCorpusCommand()),
                StageCommand.under(Verb.COLLECT, new CollectAudioCommand()),
                StageCommand.under(Verb.SERVE, new ServeSpeechCommand()),
                StageCommand.under(Verb.TRAIN, new TrainSpeechCommand()),
                StageCommand.under(Verb.EVALUATE, new EvaluateSpeechCommand()),
                StageCommand.under(Verb.IMPORT, new ImportSpeechCommand()),
                StageCommand.under(Verb.PARITY, new FastConformerParityCommand()),
                StageCommand.alone(new TranscribeCommand()));
    }

    @Override
    public Optional<Demonstration> demonstration() {
        return Optional.of(new SpeechDemonstration());
    }
}
