package io.millrace.it;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.local.LocalBroker;
import io.millrace.jobs.local.LocalPlatform;
import io.millrace.jobs.local.LocalRegistry;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real broker and one real registry for all tests of the process; a test method takes this class as a parameter.
 * Both end with the process. Tests keep apart by topics of their own.
 */
public final class LocalInfrastructure implements ParameterResolver {
    private static final class Holder {
        private static final LocalPlatform PLATFORM = LocalPlatform.start(0, 0);

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(PLATFORM::close, "infrastructure-stop"));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalInfrastructure.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return this;
    }

    /** The broker. */
    public LocalBroker broker() {
        return Holder.PLATFORM.broker();
    }

    /** The registry. */
    public LocalRegistry registry() {
        return Holder.PLATFORM.registry();
    }

    /** Address of the broker. */
    public String bootstrap() {
        return broker().bootstrap();
    }

    /** Configuration for the registry with short waits. */
    public RegistryConfig registryConfig() {
        return registry().config().with("backoff.max.ms", "500");
    }

    /** Makes a topic like one of the catalogue under a name of its own. */
    public <T extends SpecificRecord> Topic<T> freshTopic(Topic<T> like) {
        Topic<T> topic = like.withName(like.name() + "." + UUID.randomUUID());
        try (TopicAdmin admin = new TopicAdmin(bootstrap(), Duration.ofSeconds(30), Map.of())) {
            admin.ensure(java.util.List.of(topic));
        }
        return topic;
    }
}
