package io.millrace.connectors.registry;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How to reach the schema registry. Made of text keys, so that it travels in configuration files and client
 * properties alike; an unknown key is refused.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>default</th><th>meaning</th></tr>
 * <tr><td>url</td><td>none, needed</td><td>one address or several separated by commas</td></tr>
 * <tr><td>registration</td><td>register</td><td>register: schemas of sinks are registered; lookup-only: they must be
 * there</td></tr>
 * <tr><td>basic.auth.user.info</td><td>none</td><td>user:password</td></tr>
 * <tr><td>bearer.auth.token</td><td>none</td><td>token; not together with basic authentication</td></tr>
 * <tr><td>ssl.*</td><td>none</td><td>truststore, keystore and key settings as Kafka names them</td></tr>
 * <tr><td>cache.size</td><td>1000</td><td>schemas kept a process</td></tr>
 * <tr><td>unknown.id.cache.ms</td><td>30000</td><td>how long an id stays unknown before the registry is asked
 * again</td></tr>
 * <tr><td>connect.timeout.ms, read.timeout.ms</td><td>5000, 10000</td><td>limits of one request</td></tr>
 * <tr><td>backoff.initial.ms, backoff.max.ms</td><td>200, 10000</td><td>waits between attempts, doubling</td></tr>
 * <tr><td>outage.limit.ms</td><td>600000</td><td>how long a call goes on trying</td></tr>
 * <tr><td>client.*</td><td>none</td><td>handed to the client without the prefix</td></tr>
 * </table>
 */
public final class RegistryConfig implements Serializable {
    /** Prefix of these keys among the properties of a Kafka client. */
    public static final String PREFIX = "millrace.registry.";

    private static final String CLIENT_PREFIX = "client.";
    private static final Set<String> SECRET_WORDS = Set.of("password", "token", "secret", "user.info");
    private static final Set<String> TLS = Set.of(
            "ssl.truststore.location",
            "ssl.truststore.password",
            "ssl.truststore.type",
            "ssl.truststore.certificates",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.keystore.type",
            "ssl.keystore.key",
            "ssl.keystore.certificate.chain",
            "ssl.key.password",
            "ssl.protocol",
            "ssl.enabled.protocols",
            "ssl.endpoint.identification.algorithm");
    private static final Map<String, String> DEFAULTS = Map.of(
            "registration", "register",
            "cache.size", "1000",
            "unknown.id.cache.ms", "30000",
            "connect.timeout.ms", "5000",
            "read.timeout.ms", "10000",
            "backoff.initial.ms", "200",
            "backoff.max.ms", "10000",
            "outage.limit.ms", "600000");
    private static final Set<String> OPTIONAL = Set.of("url", "basic.auth.user.info", "bearer.auth.token");

    private final TreeMap<String, String> values;

    /** Whether a sink may register its schema. */
    public enum Registration {
        /** A schema that is missing is registered. */
        REGISTER,
        /** A schema that is missing is an error. */
        LOOKUP_ONLY
    }

    private RegistryConfig(Map<String, String> given) {
        values = new TreeMap<>(DEFAULTS);
        values.putAll(given);
        for (String key : given.keySet()) {
            if (!DEFAULTS.containsKey(key)
                    && !OPTIONAL.contains(key)
                    && !TLS.contains(key)
                    && !key.startsWith(CLIENT_PREFIX)) {
                throw new IllegalArgumentException("Unknown registry setting: " + key);
            }
        }
        if (urls().isEmpty()) {
            throw new IllegalArgumentException("Registry setting url is missing");
        }
        for (String url : urls()) {
            if (!url.startsWith("http://") && !url.startsWith("https://")) {
                throw new IllegalArgumentException("Registry setting url must begin with http:// or https://: " + url);
            }
        }
        registration();
        for (String key : DEFAULTS.keySet()) {
            if (!key.equals("registration") && positive(key) < 1) {
                throw new IllegalArgumentException("Registry setting " + key + " must be positive: " + values.get(key));
            }
        }
        if (backoffInitial().compareTo(backoffMax()) > 0) {
            throw new IllegalArgumentException("Registry setting backoff.initial.ms exceeds backoff.max.ms");
        }
        if (values.containsKey("basic.auth.user.info")) {
            if (values.containsKey("bearer.auth.token")) {
                throw new IllegalArgumentException(
                        "Registry settings basic.auth.user.info and bearer.auth.token exclude each other");
            }
            if (values.get("basic.auth.user.info").indexOf(':') < 1) {
                throw new IllegalArgumentException("Registry setting basic.auth.user.info must read user:password");
            }
        }
    }

    /**
     * Reads the keys named above.
     *
     * @throws IllegalArgumentException naming the key that is unknown, missing or wrong
     */
    public static RegistryConfig of(Map<String, String> settings) {
        return new RegistryConfig(settings);
    }

    /** The registry at this address (or addresses, separated by commas), with defaults elsewhere. */
    public static RegistryConfig at(String url) {
        return of(Map.of("url", url));
    }

    /** This configuration with one key changed. */
    public RegistryConfig with(String key, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(key, value);
        return of(changed);
    }

    /** This configuration with several keys changed. */
    public RegistryConfig withAll(Map<String, String> changes) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.putAll(changes);
        return of(changed);
    }

    /** Picks the keys that begin with {@link #PREFIX} out of the properties of a Kafka client. */
    public static RegistryConfig fromClientProperties(Map<String, ?> properties) {
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                settings.put(key.substring(PREFIX.length()), String.valueOf(value));
            }
        });
        return of(settings);
    }

    /** The keys with {@link #PREFIX} before them: what {@link #fromClientProperties} reads. */
    public Map<String, String> toClientProperties() {
        Map<String, String> properties = new TreeMap<>();
        values.forEach((key, value) -> properties.put(PREFIX + key, value));
        return properties;
    }

    /** Addresses, in the order in which they are tried. */
    public List<String> urls() {
        return Arrays.stream(values.getOrDefault("url", "").split(","))
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .toList();
    }

    /** Whether schemas are registered. */
    public Registration registration() {
        return switch (values.get("registration").toLowerCase(Locale.ROOT)) {
            case "register" -> Registration.REGISTER;
            case "lookup-only" -> Registration.LOOKUP_ONLY;
            default ->
                throw new IllegalArgumentException(
                        "Registry setting registration must be register or lookup-only: " + values.get("registration"));
        };
    }

    /** User and password, joined by a colon. */
    public Optional<String> basicAuth() {
        return Optional.ofNullable(values.get("basic.auth.user.info"));
    }

    /** Bearer token. */
    public Optional<String> bearerToken() {
        return Optional.ofNullable(values.get("bearer.auth.token"));
    }

    /** The {@code ssl.*} settings that were given. */
    public Map<String, String> tls() {
        Map<String, String> tls = new TreeMap<>(values);
        tls.keySet().retainAll(TLS);
        return tls;
    }

    /** What the client is given beyond the settings named here. */
    public Map<String, String> passThrough() {
        Map<String, String> passed = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(CLIENT_PREFIX)) {
                passed.put(key.substring(CLIENT_PREFIX.length()), value);
            }
        });
        return passed;
    }

    /** Schemas kept a process. */
    public int cacheSize() {
        return positive("cache.size");
    }

    /** How long an unknown id is taken as unknown without asking again. */
    public Duration unknownIdCache() {
        return Duration.ofMillis(positive("unknown.id.cache.ms"));
    }

    /** Limit of connecting. */
    public Duration connectTimeout() {
        return Duration.ofMillis(positive("connect.timeout.ms"));
    }

    /** Limit of waiting for an answer. */
    public Duration readTimeout() {
        return Duration.ofMillis(positive("read.timeout.ms"));
    }

    /** First wait between two attempts. */
    public Duration backoffInitial() {
        return Duration.ofMillis(positive("backoff.initial.ms"));
    }

    /** Longest wait between two attempts. */
    public Duration backoffMax() {
        return Duration.ofMillis(positive("backoff.max.ms"));
    }

    /** How long a call goes on trying while the registry is away. */
    public Duration outageLimit() {
        return Duration.ofMillis(positive("outage.limit.ms"));
    }

    private int positive(String key) {
        try {
            return Integer.parseInt(values.get(key).strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "Registry setting " + key + " must be a whole number: " + values.get(key), e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RegistryConfig config && values.equals(config.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The settings, secrets left out. */
    @Override
    public String toString() {
        TreeMap<String, String> shown = new TreeMap<>(values);
        shown.replaceAll((key, value) ->
                SECRET_WORDS.stream().anyMatch(key::contains) || key.equals("ssl.keystore.key") ? "(hidden)" : value);
        return "RegistryConfig" + shown;
    }
}
