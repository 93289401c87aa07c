package io.millrace.jobs.config;

import org.apiguardian.api.API;

/** A configuration that cannot be used; the message names the key and what would be right. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ConfigurationException extends RuntimeException {
    public ConfigurationException(String message) {
        super(message);
    }
}
