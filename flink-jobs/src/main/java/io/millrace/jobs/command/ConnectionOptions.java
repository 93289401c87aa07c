package io.millrace.jobs.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.EnvironmentVariables;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.stage.StageCatalogue;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How a command reaches Kafka and the schema registry; an option goes before what the file says. */
public final class ConnectionOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration of a job (YAML), whose sections kafka and registry are taken.")
    private Path config;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "Kafka brokers.")
    private String bootstrap;

    @Option(names = "--registry", paramLabel = "URL", description = "Schema registry.")
    private String registry;

    @Option(
            names = "--property",
            paramLabel = "KEY=VALUE",
            description = "Further setting of Kafka's clients, such as security.protocol; may be repeated."
                    + " $${NAME} in it is replaced by the environment variable.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--registry-property",
            paramLabel = "KEY=VALUE",
            description = "Further setting of the registry's client, such as basic.auth.user.info; may be repeated."
                    + " $${NAME} in it is replaced by the environment variable.")
    private Map<String, String> registryProperties = new LinkedHashMap<>();

    /** Whether the user said where Kafka is. */
    public boolean given() {
        return config != null || bootstrap != null;
    }

    /** Whether the user gave any of these options. */
    public boolean mentioned() {
        return given() || registry != null || !properties.isEmpty() || !registryProperties.isEmpty();
    }

    /**
     * What the options say.
     *
     * @throws ParameterException naming what is missing or wrong
     */
    public Connection connection(CommandSpec spec) {
        return connection(spec, null, null);
    }

    /** The same, with a broker and a registry of this machine where none are named. */
    public Connection connectionOrLocal(CommandSpec spec) {
        return connection(spec, "localhost:9092", "http://localhost:8081");
    }

    private Connection connection(CommandSpec spec, String localBootstrap, String localRegistry) {
        try {
            JobConfiguration file = config == null
                    ? null
                    : ConfigurationReader.read(config, StageCatalogue.found().sections());
            Map<String, String> kafka = new LinkedHashMap<>();
            RegistryConfig schemas = null;
            String brokers = bootstrap != null ? bootstrap : localBootstrap;
            if (file != null) {
                kafka.putAll(file.kafka().properties());
                schemas = file.registryConfig();
                brokers = bootstrap != null ? bootstrap : file.kafka().bootstrap();
            }
            properties.forEach((key, value) -> kafka.put(key, EnvironmentVariables.expand(value)));
            if (brokers == null) {
                throw new ConfigurationException("give --bootstrap HOST:PORT and --registry URL, or --config FILE");
            }
            return new Connection(brokers, kafka, registry(schemas, localRegistry));
        } catch (ConfigurationException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private RegistryConfig registry(RegistryConfig file, String otherwise) {
        RegistryConfig schemas = file;
        if (registry != null) {
            schemas = file == null ? RegistryConfig.at(registry) : file.with("url", registry);
        } else if (file == null && otherwise != null) {
            schemas = RegistryConfig.at(otherwise);
        }
        if (schemas == null) {
            throw new ConfigurationException("--bootstrap needs --registry URL");
        }
        return schemas.withAll(expanded(registryProperties));
    }

    private static Map<String, String> expanded(Map<String, String> settings) {
        Map<String, String> expanded = new LinkedHashMap<>();
        settings.forEach((key, value) -> expanded.put(key, EnvironmentVariables.expand(value)));
        return expanded;
    }
}
