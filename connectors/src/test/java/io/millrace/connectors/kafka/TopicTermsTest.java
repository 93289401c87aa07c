package io.millrace.connectors.kafka;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TopicTermsTest {
    private static final long NOW = 1_800_000_000_000L;

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,-",
                "-1,-",
                "-9223372036854775808,-",
                "0,0",
                "1700000000000,1700000000000",
                "1800000000000,1800000000000",
                "1800000000001,-",
                "9223372036854775807,-"
            })
    void aRecordIsNeverDatedAheadOfTheClockNorBefore1970(Long event, Long sent) {
        assertThat(TopicTerms.USUAL.timeOf(event, NOW)).isEqualTo(sent);
    }

    @Test
    void aRecordIsNotDatedFurtherBackThanItsTopicTakes() {
        Map<String, String> day = Map.of("message.timestamp.before.max.ms", "86400000");
        TopicTerms terms = TopicTerms.of(day::get);
        long dayAgo = NOW - Duration.ofDays(1).toMillis();
        assertThat(terms.timeOf(0L, NOW)).isBetween(dayAgo + 60_000, NOW);
        assertThat(terms.timeOf(NOW - 1000, NOW)).isEqualTo(NOW - 1000);
    }

    @Test
    void whereTheBrokerDatesRecordsAnyTimeIsTaken() {
        Map<String, String> append =
                Map.of("message.timestamp.type", "LogAppendTime", "message.timestamp.before.max.ms", "1000");
        assertThat(TopicTerms.of(append::get).timeOf(5L, NOW)).isEqualTo(5L);
    }

    @Test
    void theLesserOfTopicAndProducerCounts() {
        TopicTerms topic = TopicTerms.of(Map.of("max.message.bytes", "2000")::get);
        assertThat(topic.sentWith(Map.of()).recordBytes()).isEqualTo(2000);
        assertThat(topic.sentWith(Map.of("max.request.size", "1000")).recordBytes())
                .isEqualTo(1000);
        assertThat(TopicTerms.USUAL.sentWith(Map.of()).recordBytes()).isEqualTo(1 << 20);
        assertThat(topic.fits(null, new byte[1800])).isTrue();
        assertThat(topic.fits(new byte[100], new byte[1800])).isFalse();
    }
}
