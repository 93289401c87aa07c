package io.millrace.simulators.speech.stream;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.millrace.schemas.AudioEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AudioScenarioTest {
    static Stream<UnaryOperator<AudioScenario.Builder>> wrongSettings() {
        return Stream.of(
                builder -> builder.streams(0),
                builder -> builder.limit(0),
                builder -> builder.duration(Duration.ZERO),
                builder -> builder.utterances(0),
                builder -> builder.pauses(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                builder -> builder.sampleRates(List.of()),
                builder -> builder.sampleRates(List.of(100)),
                builder -> builder.encodings(List.of(AudioEncoding.UNKNOWN)),
                builder -> builder.chunkMillis(List.of(0)),
                builder -> builder.stereoShare(1.5),
                builder -> builder.noiseDb(Double.NaN),
                builder -> builder.idPrefix(" "),
                builder -> builder.line(new AudioScenario.Line(1, 0, Duration.ZERO)),
                builder -> builder.line(new AudioScenario.Line(0, -1, Duration.ZERO)),
                builder -> builder.line(new AudioScenario.Line(0, 0, Duration.ofMillis(-1))));
    }

    @ParameterizedTest
    @MethodSource("wrongSettings")
    void aFigureOutOfRangeIsRefused(UnaryOperator<AudioScenario.Builder> wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> wrong.apply(AudioScenario.builder()).build());
    }

    @Test
    void streamsAreNamedAfterTheSeedWhereNoNameIsGiven() {
        assertThat(AudioScenario.builder().seed(12).build().idPrefix()).isEqualTo("sim-12");
        assertThat(AudioScenario.builder().idPrefix("call").build().idPrefix()).isEqualTo("call");
    }
}
