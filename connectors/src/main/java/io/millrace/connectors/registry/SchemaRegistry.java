package io.millrace.connectors.registry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

import io.millrace.connectors.registry.RegistryConfig.Registration;
import io.millrace.connectors.registry.internal.ConfluentRegistryClient;
import io.millrace.connectors.registry.internal.RegistryClient;
import io.millrace.connectors.registry.internal.RegistryClient.Denied;
import io.millrace.connectors.registry.internal.RegistryClient.NotAnswering;
import io.millrace.connectors.registry.internal.RegistryClient.Refused;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schema registry as Millrace sees it: ids for schemas and schemas for ids, kept for ever once known. An answer
 * that says no is definite, credentials that are not accepted (401, 403) included; everything else (no connection,
 * time-out, 429, 5xx) is an outage, in which a call goes on trying with exponential back-off and jitter up to the outage
 * limit. Safe for use by many threads; calls block.
 */
public final class SchemaRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistry.class);
    private static final Map<RegistryConfig, SchemaRegistry> SHARED = new ConcurrentHashMap<>();

    private final RegistryConfig config;
    private final RegistryClient client;
    private final Clock clock;
    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
    private final Map<Integer, Instant> unknown = new ConcurrentHashMap<>();
    private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();

    private record SubjectSchema(String subject, String schema) {}

    /** One request to the registry. */
    @FunctionalInterface
    private interface Request<R> {
        R send() throws NotAnswering, Refused, Denied;
    }

    SchemaRegistry(RegistryConfig config, RegistryClient client, Clock clock) {
        this.config = config;
        this.client = client;
        this.clock = clock;
    }

    /** The registry of this configuration; one object a process, so that what one thread learnt all know. */
    public static SchemaRegistry shared(RegistryConfig config) {
        return SHARED.computeIfAbsent(config, SchemaRegistry::connect);
    }

    /** A registry object of its own, with empty caches. Connects with the first call. */
    public static SchemaRegistry connect(RegistryConfig config) {
        return new SchemaRegistry(config, new ConfluentRegistryClient(config), Clock.systemUTC());
    }

    /**
     * Asks once whether the registry answers and accepts the credentials.
     *
     * @throws RegistryException.Denied if it does not accept them
     * @throws RegistryException.Outage if it does not answer
     */
    public void check() {
        try {
            client.schemaById(1);
        } catch (Refused known) {
            // It has no schema of this id, and told us so.
        } catch (Denied e) {
            throw denied("asking for a schema", e);
        } catch (NotAnswering e) {
            throw new RegistryException.Outage(
                    "No schema registry answers at " + String.join(", ", config.urls()) + ": " + e.getMessage(), e);
        }
    }

    private RegistryException denied(String what, Denied e) {
        return new RegistryException.Denied(
                "The schema registry " + String.join(", ", config.urls()) + " does not accept the credentials while "
                        + what + " (" + e.getMessage()
                        + "): set basic.auth.user.info or bearer.auth.token among the registry's properties",
                e);
    }

    /**
     * Id of a schema under a subject: registered if the configuration allows, looked up otherwise.
     *
     * @throws RegistryException.Rejected if the schema is incompatible, or missing and may not be registered
     * @throws RegistryException.Denied if the registry does not accept the credentials
     * @throws RegistryException.Outage if the registry was away for longer than the outage limit, or the thread was
     *     interrupted
     */
    public int idFor(String subject, Schema schema) {
        String text = PlainSchema.text(schema);
        SubjectSchema key = new SubjectSchema(subject, text);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        boolean register = config.registration() == Registration.REGISTER;
        try {
            int id = persist(
                    (register ? "registering " : "looking up ") + subject,
                    () -> register ? client.register(subject, text) : client.lookUp(subject, text),
                    () -> false);
            ids.put(key, id);
            remember(id, new Schema.Parser().parse(text));
            return id;
        } catch (Refused e) {
            throw new RegistryException.Rejected(
                    register
                            ? "The schema registry refuses the schema of " + subject + ": " + e.getMessage()
                            : "The schema of " + subject
                                    + " is not in the schema registry and registration is off (lookup-only): "
                                    + e.getMessage(),
                    e);
        }
    }

    /**
     * Schema of an id; asks the registry when the id is new.
     *
     * @throws RegistryException.UnknownSchema if the registry has none
     * @throws RegistryException.Denied if the registry does not accept the credentials
     * @throws RegistryException.Outage if the registry was away for longer than the outage limit, or the thread was
     *     interrupted
     */
    public Schema schemaById(int id) {
        return schemaById(id, () -> false);
    }

    /** As {@link #schemaById(int)}, but gives up with an outage as soon as {@code stop} says so. */
    public Schema schemaById(int id, BooleanSupplier stop) {
        Optional<Schema> known = cachedById(id);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            String text = persist("fetching schema " + id, () -> client.schemaById(id), stop);
            Schema schema = new Schema.Parser().setValidateDefaults(false).parse(text);
            remember(id, schema);
            return schema;
        } catch (Refused e) {
            unknown.put(id, clock.instant().plus(config.unknownIdCache()));
            throw new RegistryException.UnknownSchema(id, e);
        } catch (org.apache.avro.AvroRuntimeException e) {
            unknown.put(id, clock.instant().plus(config.unknownIdCache()));
            throw new RegistryException.UnknownSchema(id, e);
        }
    }

    /**
     * Schema of an id as far as it is known already; never asks the registry.
     *
     * @return empty if the registry would have to be asked
     * @throws RegistryException.UnknownSchema if the registry said a moment ago that it has none
     */
    public Optional<Schema> cachedById(int id) {
        Schema schema = byId.get(id);
        if (schema != null) {
            return Optional.of(schema);
        }
        Instant until = unknown.get(id);
        if (until != null) {
            if (clock.instant().isBefore(until)) {
                throw new RegistryException.UnknownSchema(id, null);
            }
            unknown.remove(id, until);
        }
        return Optional.empty();
    }

    /** What stands against this schema as the next version of the subject; empty if it is compatible. */
    public java.util.List<String> incompatibilities(String subject, Schema schema) {
        try {
            return persist(
                    "testing " + subject,
                    () -> client.incompatibilities(subject, PlainSchema.text(schema)),
                    () -> false);
        } catch (Refused e) {
            throw new RegistryException.Rejected(
                    "The schema registry refuses to compare " + subject + ": " + e.getMessage(), e);
        }
    }

    private void remember(int id, Schema schema) {
        if (byId.size() < config.cacheSize()) {
            byId.put(id, schema);
        } else {
            byId.clear();
            byId.put(id, schema);
        }
    }

    private <R> R persist(String what, Request<R> request, BooleanSupplier stop) throws Refused {
        Instant limit = clock.instant().plus(config.outageLimit());
        Duration wait = config.backoffInitial();
        for (int attempt = 1; ; attempt++) {
            try {
                R result = request.send();
                if (attempt > 1) {
                    LOG.info("Schema registry is back after {} attempts at {}", attempt, what);
                }
                return result;
            } catch (Denied e) {
                throw denied(what, e);
            } catch (NotAnswering e) {
                long millis = (long)
                        (wait.toMillis() * (0.5 + ThreadLocalRandom.current().nextDouble() / 2));
                if (clock.instant().plusMillis(millis).isAfter(limit)) {
                    throw new RegistryException.Outage(
                            "The schema registry " + config.urls() + " has been away for " + config.outageLimit()
                                    + " while " + what + ": " + e.getMessage(),
                            e);
                }
                if (attempt == 1) {
                    LOG.warn("Schema registry does not answer while {}; trying again: {}", what, e.getMessage());
                }
                pause(millis, what, stop, e);
                wait = min(wait.multipliedBy(2), config.backoffMax());
            }
        }
    }

    private static void pause(long millis, String what, BooleanSupplier stop, Throwable cause) {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        try {
            for (long left = millis;
                    left > 0;
                    left = Duration.ofNanos(end - System.nanoTime()).toMillis()) {
                if (stop.getAsBoolean()) {
                    throw new RegistryException.Outage("Stopped while " + what, cause);
                }
                Thread.sleep(Math.min(left, 100));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException.Outage("Interrupted while " + what, e);
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
