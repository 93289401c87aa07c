package io.millrace.jobs.stage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.millrace.jobs.config.ConfigurationSection;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.schemas.Topic;
import org.apiguardian.api.API;

/** The stages that this build has: those that {@link ServiceLoader} finds. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StageCatalogue {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final List<Stage<?>> stages;

    /**
     * A catalogue of these stages.
     *
     * @throws IllegalStateException if two have one name, or one has a name that cannot be its own
     */
    public StageCatalogue(Collection<? extends Stage<?>> stages) {
        this.stages = List.copyOf(stages);
        Map<String, Stage<?>> byName = new HashMap<>();
        for (Stage<?> stage : stages) {
            checkName(stage);
            Stage<?> other = byName.put(stage.name(), stage);
            if (other != null) {
                throw new IllegalStateException("two stages are called " + stage.name() + ": "
                        + other.getClass().getName() + " and "
                        + stage.getClass().getName());
            }
        }
    }

    private static void checkName(Stage<?> stage) {
        String name = stage.name();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalStateException("a stage's name is lower-case letters, digits and hyphens, not '" + name
                    + "' (" + stage.getClass().getName() + ")");
        }
        if (JobConfiguration.COMMON_KEYS.contains(name)) {
            throw new IllegalStateException("a stage cannot be called " + name
                    + ": every configuration has a key of that name ("
                    + stage.getClass().getName() + ")");
        }
    }

    /** Those of this build. */
    public static StageCatalogue found() {
        return Holder.FOUND;
    }

    private static final class Holder {
        private static final StageCatalogue FOUND = new StageCatalogue(load());

        private static List<Stage<?>> load() {
            List<Stage<?>> stages = new ArrayList<>();
            ServiceLoader.load(Stage.class).forEach(stages::add);
            return stages;
        }
    }

    /** Every stage. */
    public List<Stage<?>> stages() {
        return stages;
    }

    /** Their names. */
    public List<String> names() {
        return stages.stream().map(Stage::name).toList();
    }

    /** The stage of that name. */
    public Optional<Stage<?>> named(String name) {
        for (Stage<?> stage : stages) {
            if (stage.name().equals(name)) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }

    /** The sections that they claim in a configuration file. */
    public List<ConfigurationSection<?>> sections() {
        List<ConfigurationSection<?>> sections = new ArrayList<>();
        stages.forEach(stage -> sections.add(stage.section()));
        return sections;
    }

    /** Their commands and those of every {@link CommandSet}, under a verb or (null) by themselves. */
    public List<Object> commands(Verb verb) {
        Stream<StageCommand> beside =
                ServiceLoader.load(CommandSet.class).stream().flatMap(provider -> provider.get().commands().stream());
        return Stream.concat(stages.stream().flatMap(stage -> stage.commands().stream()), beside)
                .filter(command -> command.verb() == verb)
                .map(StageCommand::command)
                .toList();
    }

    /** Every topic under its usual name, each once. */
    public List<Topic<?>> topics() {
        Map<String, Topic<?>> topics = new LinkedHashMap<>();
        for (Stage<?> stage : stages) {
            stage.topics().forEach(topic -> topics.putIfAbsent(topic.name(), topic));
            stage.topicsBeside().forEach(topic -> topics.putIfAbsent(topic.name(), topic));
        }
        return List.copyOf(topics.values());
    }

    /** The topic of a stage that has this role; empty if there is no such stage or topic. */
    public Optional<Topic<?>> topic(String stage, String role) {
        if (named(stage).isEmpty()) {
            return Optional.empty();
        }
        Stage<?> found = named(stage).get();
        for (Topic<?> topic : Stream.concat(found.topics().stream(), found.topicsBeside().stream())
                .toList()) {
            if (topic.role().equals(role)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }
}
