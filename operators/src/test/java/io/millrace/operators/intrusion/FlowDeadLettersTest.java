package io.millrace.operators.intrusion;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FlowDeadLettersTest {

    private static final FlowRecord FLOW = SampleFlows.builder("192.168.1.9", 10, "flow")
            .setDurationSeconds(0.1)
            .setBytesIn(null)
            .setService("gruß \"quoted\"")
            .setAttributes(Map.of("local_orig", "T"))
            .setObservedTime(SampleFlows.at(11))
            .build();

    private static final DeadLetter LETTER =
            FlowDeadLetters.of(FLOW, null, "infer", DeadLetterReason.MODEL_FAILURE, "no such thing");

    @Test
    void aLetterSaysWhereTheFlowWasGivenUpAndWhy() {
        assertThat(LETTER.getStage()).isEqualTo("intrusion");
        assertThat(LETTER.getStep()).isEqualTo("infer");
        assertThat(LETTER.getReason()).isEqualTo(DeadLetterReason.MODEL_FAILURE);
        assertThat(LETTER.getMessage()).isEqualTo("no such thing");
        assertThat(LETTER.getFailedTime()).isCloseTo(Instant.now(), within(5, java.time.temporal.ChronoUnit.MINUTES));
        assertThat(StandardCharsets.UTF_8.decode(LETTER.getKey().duplicate()).toString())
                .isEqualTo("192.168.1.9");
        assertThat(LETTER.getTopic()).as("the flow was decoded long ago").isNull();
        assertThat(LETTER.getHeaders()).isEmpty();
    }

    @Test
    void theFlowCanBeReadBackFromItsAvroJson() throws Exception {
        String json =
                StandardCharsets.UTF_8.decode(LETTER.getValue().duplicate()).toString();
        FlowRecord read = new SpecificDatumReader<>(FlowRecord.class)
                .read(null, DecoderFactory.get().jsonDecoder(FlowRecord.getClassSchema(), json));
        assertThat(read).isEqualTo(FLOW);
    }

    @Test
    void aRecordThatItsSchemaDoesNotAllowIsShownAllTheSame() {
        FlowRecord invalid = FlowRecord.newBuilder(FLOW).build();
        invalid.put("end_time", null);
        DeadLetter letter = FlowDeadLetters.of(invalid, null, "infer", DeadLetterReason.INVALID_RECORD, "no end");
        assertThat(StandardCharsets.UTF_8.decode(letter.getValue()).toString())
                .contains("\"flow_id\": \"flow\"", "\"end_time\": null");
    }
}
