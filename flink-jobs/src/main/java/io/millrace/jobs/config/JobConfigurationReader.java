package io.millrace.jobs.config;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;

/** Reads a job's configuration: what all jobs have, and a section for each stage that claims one. */
final class JobConfigurationReader extends StdDeserializer<JobConfiguration> {
    private final transient Map<String, ConfigurationSection<?>> sections;

    JobConfigurationReader(Collection<ConfigurationSection<?>> sections) {
        super(JobConfiguration.class);
        this.sections = sections.stream().collect(Collectors.toMap(ConfigurationSection::name, Function.identity()));
    }

    @Override
    public JobConfiguration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.isExpectedStartObjectToken()) {
            throw JsonMappingException.from(parser, "the configuration must be a mapping of keys to values");
        }
        Fields fields = new Fields();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            try {
                if (value != JsonToken.VALUE_NULL) {
                    read(key, fields, parser, context);
                }
            } catch (JsonMappingException wrong) {
                wrong.prependPath(JobConfiguration.class, key);
                throw wrong;
            }
        }
        return new JobConfiguration(
                fields.name, fields.kafka, fields.registry, fields.flink, fields.delivery, fields.stages);
    }

    private void read(String key, Fields fields, JsonParser parser, DeserializationContext context) throws IOException {
        switch (key) {
            case "name" -> fields.name = context.readValue(parser, String.class);
            case "kafka" -> fields.kafka = context.readValue(parser, JobConfiguration.Kafka.class);
            case "registry" -> fields.registry = context.readValue(parser, JobConfiguration.Registry.class);
            case "flink" -> fields.flink = context.readValue(parser, JobConfiguration.FlinkSettings.class);
            case "delivery" -> fields.delivery = context.readValue(parser, JobConfiguration.Delivery.class);
            default -> {
                ConfigurationSection<?> section = sections.get(key);
                if (section == null) {
                    throw unknown(key, parser);
                }
                fields.stages.put(key, section(section, parser, context));
            }
        }
    }

    private static <C extends StageConfiguration> C section(
            ConfigurationSection<C> section, JsonParser parser, DeserializationContext context) throws IOException {
        return section.checked(context.readValue(parser, section.type()));
    }

    private JsonMappingException unknown(String key, JsonParser parser) {
        Collection<Object> known = new TreeSet<>(JobConfiguration.COMMON_KEYS);
        known.addAll(sections.keySet());
        return new UnrecognizedPropertyException(
                parser, "unknown", parser.currentLocation(), JobConfiguration.class, key, known);
    }

    private static final class Fields {
        private String name;
        private JobConfiguration.Kafka kafka;
        private JobConfiguration.Registry registry;
        private JobConfiguration.FlinkSettings flink;
        private JobConfiguration.Delivery delivery;
        private final Map<String, StageConfiguration> stages = new LinkedHashMap<>();
    }
}
