package io.millrace.jobs.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/** Reads configuration files (YAML) into records: unknown keys and values that do not fit are named, not ignored. */
public final class ConfigurationReader {

    private static final Pattern TWICE = Pattern.compile("Duplicate field '([^']*)'");

    private static final ObjectMapper YAML = mapper(List.of());

    private static ObjectMapper mapper(Collection<ConfigurationSection<?>> sections) {
        return JsonMapper.builder(new YAMLFactory())
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .addModule(new SimpleModule()
                        .addDeserializer(Duration.class, new DurationReader())
                        .addDeserializer(JobConfiguration.class, new JobConfigurationReader(sections)))
                .build();
    }

    private static final class DurationReader extends StdDeserializer<Duration> {
        private DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.currentToken().isScalarValue()) {
                return (Duration) context.handleUnexpectedToken(Duration.class, parser);
            }
            try {
                return Durations.parse(parser.getText());
            } catch (RuntimeException none) {
                throw JsonMappingException.from(parser, none.getMessage());
            }
        }
    }

    private ConfigurationReader() {}

    /**
     * Reads the configuration of a job.
     *
     * @param sections sections that stages claim; any other is refused
     * @throws ConfigurationException naming the file, the place and the key at fault
     */
    public static JobConfiguration read(Path file, Collection<ConfigurationSection<?>> sections) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException("configuration file " + file + " does not exist");
        }
        try {
            return parse(Files.readString(file), sections);
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    "configuration file " + file + " cannot be read: " + unreadable.getMessage());
        } catch (ConfigurationException wrong) {
            throw new ConfigurationException(file + ": " + wrong.getMessage());
        }
    }

    /** Reads the text of a job's configuration; see {@link #read}. */
    public static JobConfiguration parse(String yaml, Collection<ConfigurationSection<?>> sections) {
        return parse(yaml, sections, System::getenv);
    }

    static JobConfiguration parse(
            String yaml, Collection<ConfigurationSection<?>> sections, UnaryOperator<String> variables) {
        return parse(mapper(sections), yaml, JobConfiguration.class, variables);
    }

    /** A record of settings with the default of every key. */
    public static <C> C defaults(Class<C> type) {
        return of(type, Map.of());
    }

    /**
     * A record of settings from values by the keys of the configuration file; a key left out has its default.
     *
     * @param values numbers, texts, lists, maps and durations by key
     * @throws ConfigurationException naming the key at fault
     */
    public static <C> C of(Class<C> type, Map<String, ?> values) {
        try {
            return parse(YAML, YAML.writeValueAsString(plain(values)), type, name -> null);
        } catch (JsonProcessingException wrong) {
            throw new ConfigurationException("settings that cannot be written: " + wrong.getOriginalMessage());
        }
    }

    private static Object plain(Object value) {
        if (value instanceof Duration duration) {
            return duration.toMillis() + "ms";
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> plain = new LinkedHashMap<>();
            map.forEach((key, inner) -> plain.put(key, plain(inner)));
            return plain;
        }
        return value;
    }

    private static <T> T parse(ObjectMapper mapper, String yaml, Class<T> type, UnaryOperator<String> variables) {
        try (JsonParser parser = new ExpandingParser(mapper.createParser(yaml), variables)) {
            JsonToken first = parser.nextToken();
            boolean empty = first == null || first == JsonToken.VALUE_NULL;
            return empty ? mapper.readValue("{}", type) : mapper.readValue(parser, type);
        } catch (UnrecognizedPropertyException unknown) {
            List<String> known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .toList();
            throw new ConfigurationException(
                    "unknown key '" + path(unknown) + "'" + at(unknown.getLocation()) + "; known here: " + known);
        } catch (InvalidFormatException wrong) {
            throw new ConfigurationException("'" + path(wrong) + "'" + at(wrong.getLocation()) + " must be "
                    + wanted(wrong.getTargetType()) + ", got '" + wrong.getValue() + "'");
        } catch (ValueInstantiationException refused) {
            throw refused(refused);
        } catch (MismatchedInputException wrong) {
            throw new ConfigurationException(
                    "'" + path(wrong) + "'" + at(wrong.getLocation()) + " must be " + wanted(wrong.getTargetType()));
        } catch (JsonMappingException wrong) {
            throw refused(wrong);
        } catch (JsonProcessingException broken) {
            refuseTwice(broken.getOriginalMessage(), broken);
            throw new ConfigurationException("not YAML" + at(broken.getLocation()) + ": "
                    + broken.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException unreadable) {
            throw new ConfigurationException("not YAML: " + unreadable.getMessage());
        }
    }

    private static ConfigurationException refused(JsonMappingException wrong) {
        Throwable cause = wrong.getCause() == null ? wrong : wrong.getCause();
        String message = String.valueOf(
                cause instanceof JsonProcessingException parse ? parse.getOriginalMessage() : cause.getMessage());
        refuseTwice(message, wrong);
        String where = path(wrong);
        return new ConfigurationException((where.isEmpty() ? "" : "'" + where + "'" + at(wrong.getLocation()) + ": ")
                + String.valueOf(message).lines().findFirst().orElse(""));
    }

    private static void refuseTwice(String message, JsonProcessingException wrong) {
        Matcher twice = TWICE.matcher(message);
        if (twice.find()) {
            throw new ConfigurationException(
                    "the key '" + twice.group(1) + "' is given twice" + at(wrong.getLocation()));
        }
    }

    private static String wanted(Class<?> type) {
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "a whole number";
        }
        if (type == Double.class || type == double.class || type == Float.class || type == float.class) {
            return "a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == String.class || type == Duration.class) {
            return type == String.class ? "a text" : "a time such as 500ms or 5m";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (Map.class.isAssignableFrom(type) || type.isRecord()) {
            return "a mapping of keys to values";
        }
        return type.isEnum()
                ? Arrays.stream(type.getEnumConstants()).map(String::valueOf).collect(Collectors.joining(" or "))
                : "a " + type.getSimpleName();
    }

    private static String path(JsonMappingException wrong) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : wrong.getPath()) {
            if (reference.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static String at(JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ")";
    }
}
