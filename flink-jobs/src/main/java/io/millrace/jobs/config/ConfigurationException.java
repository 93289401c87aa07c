package io.millrace.jobs.config;

/** A configuration that cannot be used; the message names the key and what would be right. */
public final class ConfigurationException extends RuntimeException {
    public ConfigurationException(String message) {
        super(message);
    }
}
