package io.millrace.connectors.registry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.millrace.connectors.registry.FakeRegistryClient.HandClock;
import io.millrace.schemas.FlowRecord;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SchemaRegistryTest {
    private static final Schema FLOW = FlowRecord.getClassSchema();

    private final FakeRegistryClient client = new FakeRegistryClient();

    @Test
    void anIdOnceKnownIsNeverAskedForAgain() {
        SchemaRegistry registry = client.registry();
        int id = registry.idFor("flows-value", FLOW);
        assertThat(registry.idFor("flows-value", FLOW)).isEqualTo(id);
        assertThat(registry.schemaById(id).getFullName()).isEqualTo(FLOW.getFullName());
        assertThat(client.requests()).isEqualTo(1);
    }

    @Test
    void whatIsPublishedCarriesNoHintsForJava() {
        client.registry().idFor("flows-value", FLOW);
        assertThat(client.schemas())
                .singleElement()
                .asString()
                .doesNotContain("avro.java.string")
                .contains("timestamp-millis");
    }

    @Test
    void lookUpOnlyRegistersNothing() {
        SchemaRegistry registry = client.registry("registration", "lookup-only");
        assertThatThrownBy(() -> registry.idFor("flows-value", FLOW))
                .isInstanceOf(RegistryException.Rejected.class)
                .hasMessageContaining("registration is off");
        assertThat(client.schemas()).isEmpty();
        int id = client.registry().idFor("flows-value", FLOW);
        assertThat(registry.idFor("flows-value", FLOW)).isEqualTo(id);
    }

    @Test
    void anOutageIsSatOut() {
        client.beAwayFor(20);
        assertThat(client.registry().idFor("flows-value", FLOW)).isEqualTo(1);
        assertThat(client.requests()).isEqualTo(21);
    }

    @Test
    void anOutageBeyondTheLimitIsToldAsSuch() {
        client.beAwayFor(Integer.MAX_VALUE);
        SchemaRegistry registry = client.registry("outage.limit.ms", "30");
        assertThatThrownBy(() -> registry.schemaById(1))
                .isInstanceOf(RegistryException.Outage.class)
                .hasMessageContaining("http://fake");
    }

    @Test
    void anUnknownIdIsAskedForAgainAfterAWhile() {
        HandClock clock = new HandClock();
        SchemaRegistry registry =
                client.registry(RegistryConfig.at("http://fake").with("unknown.id.cache.ms", "1000"), clock);
        assertThatThrownBy(() -> registry.schemaById(1)).isInstanceOf(RegistryException.UnknownSchema.class);
        assertThatThrownBy(() -> registry.schemaById(1)).isInstanceOf(RegistryException.UnknownSchema.class);
        assertThat(client.requests()).isEqualTo(1);
        client.put(FLOW.toString());
        clock.advance(Duration.ofSeconds(2));
        assertThat(registry.schemaById(1)).isEqualTo(FLOW);
    }

    @Test
    void aWaitingThreadStopsWhenToldOrInterrupted() throws InterruptedException {
        client.beAwayFor(Integer.MAX_VALUE);
        SchemaRegistry registry = client.registry("backoff.max.ms", "5000", "backoff.initial.ms", "5000");
        AtomicBoolean stop = new AtomicBoolean();
        Thread told = new Thread(() -> quietly(() -> registry.schemaById(1, stop::get)));
        Thread interrupted = new Thread(() -> quietly(() -> registry.schemaById(2)));
        told.start();
        interrupted.start();
        stop.set(true);
        interrupted.interrupt();
        told.join(2000);
        interrupted.join(2000);
        assertThat(told.isAlive()).isFalse();
        assertThat(interrupted.isAlive()).isFalse();
    }

    private static void quietly(Runnable call) {
        try {
            call.run();
        } catch (RegistryException.Outage expected) {
            // this is how it stops
        }
    }
}
