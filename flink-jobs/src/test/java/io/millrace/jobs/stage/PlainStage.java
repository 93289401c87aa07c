package io.millrace.jobs.stage;

import java.util.List;
import java.util.Map;

import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;

/** A stage without network that copies flows. */
public record PlainStage(String name, List<Topic<?>> topics) implements Stage<PlainStage.Settings> {

    /** Its settings. */
    public record Settings(Map<String, String> topics, InferenceConfiguration inference) implements StageConfiguration {
        public Settings {
            topics = topics == null ? Map.of() : Map.copyOf(topics);
        }
    }

    /** One with flows as its input and dead letters. */
    public PlainStage(String name) {
        this(name, List.of(IntrusionTopics.FLOWS, CommonTopics.deadLetters(name), CommonTopics.RELEASES));
    }

    @Override
    public String jobName() {
        return name + "-job";
    }

    @Override
    public String summary() {
        return "Copies flows.";
    }

    @Override
    public Class<Settings> configuration() {
        return Settings.class;
    }

    @Override
    public void build(StageGraph graph, Settings configuration) {
        throw new UnsupportedOperationException("is not run");
    }
}
