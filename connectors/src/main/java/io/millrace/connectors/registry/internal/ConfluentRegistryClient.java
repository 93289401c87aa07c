package io.millrace.connectors.registry.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.registry.RegistryConfig;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

/** The genuine Confluent client, in the relocated form in which Maven Central has it. */
public final class ConfluentRegistryClient implements RegistryClient {
    private final CachedSchemaRegistryClient client;

    /** A call of the client, which answers with an id, a schema or an error. */
    @FunctionalInterface
    private interface Call<R> {
        R run() throws IOException, RestClientException;
    }

    /** Connects with the first call. */
    public ConfluentRegistryClient(RegistryConfig config) {
        client = new CachedSchemaRegistryClient(
                config.urls(), config.cacheSize(), List.of(new AvroSchemaProvider()), clientSettings(config));
    }

    /** What the client is told, under the names that it knows. */
    static Map<String, Object> clientSettings(RegistryConfig config) {
        Map<String, Object> settings = new HashMap<>(config.passThrough());
        settings.put("http.connect.timeout.ms", (int) config.connectTimeout().toMillis());
        settings.put("http.read.timeout.ms", (int) config.readTimeout().toMillis());
        config.basicAuth().ifPresent(userInfo -> {
            settings.put("basic.auth.credentials.source", "USER_INFO");
            settings.put("basic.auth.user.info", userInfo);
        });
        config.bearerToken().ifPresent(token -> {
            settings.put("bearer.auth.credentials.source", "STATIC_TOKEN");
            settings.put("bearer.auth.token", token);
        });
        config.tls().forEach((key, value) -> settings.put("schema.registry." + key, value));
        return settings;
    }

    @Override
    public int register(String subject, String schema) throws NotAnswering, Refused, Denied {
        return ask(() -> client.register(subject, new AvroSchema(schema)));
    }

    @Override
    public int lookUp(String subject, String schema) throws NotAnswering, Refused, Denied {
        return ask(() -> client.getId(subject, new AvroSchema(schema)));
    }

    @Override
    public String schemaById(int id) throws NotAnswering, Refused, Denied {
        return ask(() -> client.getSchemaById(id).canonicalString());
    }

    @Override
    public List<String> incompatibilities(String subject, String schema) throws NotAnswering, Refused, Denied {
        AvroSchema candidate = new AvroSchema(schema);
        List<String> reasons = ask(() -> client.testCompatibilityVerbose(subject, candidate));
        // Some registries say that it is incompatible without a reason.
        return reasons.isEmpty() && !ask(() -> client.testCompatibility(subject, candidate))
                ? List.of("incompatible, and the registry gives no reason")
                : reasons;
    }

    private static <R> R ask(Call<R> call) throws NotAnswering, Refused, Denied {
        try {
            return call.run();
        } catch (RestClientException e) {
            if (e.getStatus() == 401 || e.getStatus() == 403) {
                throw new Denied(e.getMessage(), e);
            }
            if (definite(e)) {
                throw new Refused(e.getMessage(), e);
            }
            throw new NotAnswering(e.getMessage(), e);
        } catch (IOException e) {
            throw new NotAnswering(e.toString(), e);
        } catch (RuntimeException e) {
            // Not the network, of which the client tells by IOException: a schema that its Avro cannot read.
            throw new Refused(e.toString(), e);
        }
    }

    /**
     * Whether the answer is about the schema. 404 counts only with one of the registry's own codes (40401 subject,
     * 40402 version, 40403 schema), since a proxy before a registry that is away answers 404 as well.
     */
    private static boolean definite(RestClientException e) {
        return switch (e.getStatus()) {
            case 404 -> e.getErrorCode() >= 40401 && e.getErrorCode() <= 40403;
            case 409, 422 -> true;
            default -> false;
        };
    }
}
