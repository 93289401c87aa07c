package io.millrace.jobs.cli;

import io.millrace.connectors.registry.RegistryConfig;
import picocli.CommandLine.Option;

/** Where audio goes, and what schemas it is written by. */
final class KafkaOptions {

    @Option(names = "--bootstrap", required = true, paramLabel = "HOST:PORT", description = "Kafka brokers.")
    String bootstrap;

    @Option(names = "--registry", required = true, paramLabel = "URL", description = "Schema registry.")
    private String registry;

    RegistryConfig registry() {
        return RegistryConfig.at(registry);
    }
}
