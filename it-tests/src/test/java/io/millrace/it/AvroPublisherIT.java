package io.millrace.it;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.Topic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who learns of a record that the broker does not take: all that publish, or with send the one that sent it. */
@ExtendWith(LocalInfrastructure.class)
@Timeout(90)
class AvroPublisherIT {
    @Test
    void whatCouldNotBeSentConcernsItsSenderAlone(LocalInfrastructure local) throws Exception {
        try (AvroPublisher<FlowRecord> publisher = publisher(local)) {
            assertThatThrownBy(() -> publisher.send(tooLarge()).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class);
            publisher.publish(Flows.flow(1)).get(30, TimeUnit.SECONDS);
            publisher.flush();
            assertThat(publisher.delivered()).isEqualTo(1);
        }
    }

    @Test
    void whatIsTooLargeIsLeftOutOfACollection(LocalInfrastructure local) {
        try (AvroPublisher<FlowRecord> publisher = publisher(local)) {
            publisher.publishOrSkip(Flows.flow(1));
            publisher.publishOrSkip(tooLarge());
            publisher.publishOrSkip(Flows.flow(2));
            publisher.flush();
            assertThat(publisher.delivered()).isEqualTo(2);
            assertThat(publisher.skipped()).isEqualTo(1);
        }
    }

    @Test
    void whatCouldNotBePublishedMakesTheNextCallFail(LocalInfrastructure local) {
        try (AvroPublisher<FlowRecord> publisher = publisher(local)) {
            publisher.publish(tooLarge());
            assertThatThrownBy(publisher::flush).isInstanceOf(KafkaException.class);
            publisher.publish(Flows.flow(1));
            publisher.flush();
            assertThat(publisher.delivered()).isEqualTo(1);
        }
    }

    private static AvroPublisher<FlowRecord> publisher(LocalInfrastructure local) {
        Topic<FlowRecord> topic = local.freshTopic(IntrusionTopics.FLOWS);
        return new AvroPublisher<>(
                topic, local.bootstrap(), local.registryConfig(), Map.of("max.request.size", "10000"));
    }

    private static FlowRecord tooLarge() {
        FlowRecord flow = Flows.flow(0);
        flow.setFlowId("x".repeat(20_000));
        return flow;
    }
}
