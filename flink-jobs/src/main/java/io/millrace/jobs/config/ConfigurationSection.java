package io.millrace.jobs.config;

import java.util.Set;

import org.apiguardian.api.API;

/**
 * A section of a configuration file that a stage claims.
 *
 * @param name its key, the name of the stage
 * @param type record that it is read into
 * @param roles roles of topics that it may name
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConfigurationSection<C extends StageConfiguration>(String name, Class<C> type, Set<String> roles) {
    public ConfigurationSection {
        roles = Set.copyOf(roles);
    }

    /**
     * Refuses a name for a topic that the stage does not have.
     *
     * @throws ConfigurationException naming the key
     */
    C checked(C configuration) {
        configuration.topics().forEach((role, topic) -> {
            if (!roles.contains(role)) {
                throw new ConfigurationException("unknown key '" + name + ".topics." + role + "'; known here: "
                        + roles.stream().sorted().toList());
            }
            if (topic == null || topic.isBlank()) {
                throw new ConfigurationException("'" + name + ".topics." + role + "' must be the name of a topic");
            }
        });
        return configuration;
    }
}
