package io.millrace.jobs.speech;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.ConfigurationSection;
import io.millrace.jobs.config.SampleConfiguration;
import io.millrace.jobs.config.StartFrom;
import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.operators.alert.AlertPolicy;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.operators.inference.InferenceSettings;
import io.millrace.operators.speech.AssemblerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpeechConfigurationTest {

    private static final String LEAST = "kafka: {bootstrap: 'b:9092'}\nregistry: {url: 'http://r'}\n";

    private static final ConfigurationSection<SpeechConfiguration> SPEECH = new SpeechStage().section();

    private static SpeechConfiguration parse(String speech) {
        return ConfigurationReader.parse(LEAST + "speech: " + speech + "\n", List.of(SPEECH))
                .of(SPEECH);
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        SpeechConfiguration speech =
                ConfigurationReader.parse(LEAST, List.of(SPEECH)).of(SPEECH);
        assertThat(speech).isEqualTo(parse("{}")).isEqualTo(ConfigurationReader.defaults(SpeechConfiguration.class));
        assertThat(speech.topics()).as("the usual ones").isEmpty();
        assertThat(speech.model()).isEqualTo("default");
        assertThat(speech.keywords()).isEmpty();
        assertThat(speech.startFrom()).isEqualTo(StartFrom.EARLIEST);
        assertThat(speech.samples()).isEqualTo(new SampleConfiguration(new FeatureDraw(0.01), 60));
        assertThat(speech.alertPolicy()).as("each mention is an alert").isEqualTo(AlertPolicy.EACH);
        assertThat(parse("{alerts: {close-after: 30s}}").alertPolicy())
                .isEqualTo(new AlertPolicy(1, Duration.ofMinutes(5), Duration.ofSeconds(30)));
        assertThat(speech.decoding().head()).isEqualTo(UtteranceDecoder.Head.CTC);
        assertThat(speech.decoding().silence()).isEqualTo(Duration.ofMillis(800));
        assertThat(speech.search().isGreedy()).isTrue();
        assertThat(parse("{phrases: [call me]}").search())
                .as("a beam, unless told otherwise")
                .isEqualTo(new Search(UtteranceDecoder.Head.CTC, 4, List.of("call me"), 2));
        assertThat(speech.cache()).isEqualTo(CachePrecision.FLOAT32);
        assertThat(speech.assembler(13))
                .as("the model's look-ahead")
                .isEqualTo(new AssemblerSettings(
                        13, true, Duration.ofMillis(200), 64, Duration.ofSeconds(5), Duration.ofSeconds(30)));
        InferenceSettings inference = speech.inferenceSettings();
        assertThat(inference.stage()).isEqualTo("speech");
        assertThat(inference.maxBatch()).isEqualTo(64);
        assertThat(inference.maxWait()).isEqualTo(Duration.ofMillis(20));
        assertThat(inference.capacity()).isEqualTo(2048);
        assertThat(inference.slots()).isEqualTo(1024);
        assertThat(inference.stateTtl()).isZero();
        assertThat(inference.device()).isEqualTo("auto");
    }

    @Test
    void everyKeyIsTaken() {
        SpeechConfiguration speech =
                parse("{topics: {audio: a, transcripts: t, alerts: al, dead-letters: d, features: f, releases: r},"
                        + " model: m, look-ahead: 6, adaptive: false, head: rnnt, beam: 6,"
                        + " phrases: [call me], phrase-boost: 3, cache: float16, silence: 500ms, keywords: [stop, call me],"
                        + " max-ahead: 2s, idle-after: 60s, reorder-wait: 50ms, reorder-chunks: 8, gap-limit: 1s, start-from: latest,"
                        + " sample-rate: 0.5, samples-per-minute: 6,"
                        + " alerts: {open-after: 2, within: 20s, close-after: 30s},"
                        + " inference: {max-batch: 8, max-wait: 1ms, capacity: 32, slots: 16, pipeline-depth: 1,"
                        + " write-ahead-from: 5ms, device: cpu}}");
        assertThat(speech.topics())
                .isEqualTo(Map.of(
                        "audio",
                        "a",
                        "transcripts",
                        "t",
                        "alerts",
                        "al",
                        "dead-letters",
                        "d",
                        "features",
                        "f",
                        "releases",
                        "r"));
        assertThat(speech.model()).isEqualTo("m");
        assertThat(speech.maxAhead()).isEqualTo(Duration.ofSeconds(2));
        assertThat(speech.keywords()).containsExactly("stop", "call me");
        assertThat(speech.startFrom()).isEqualTo(StartFrom.LATEST);
        assertThat(speech.samples()).isEqualTo(new SampleConfiguration(new FeatureDraw(0.5), 6));
        assertThat(speech.alertPolicy()).isEqualTo(new AlertPolicy(2, Duration.ofSeconds(20), Duration.ofSeconds(30)));
        assertThat(speech.decoding().head()).isEqualTo(UtteranceDecoder.Head.RNNT);
        assertThat(speech.decoding().silence()).isEqualTo(Duration.ofMillis(500));
        assertThat(speech.search()).isEqualTo(new Search(UtteranceDecoder.Head.RNNT, 6, List.of("call me"), 3));
        assertThat(speech.cache()).isEqualTo(CachePrecision.FLOAT16);
        assertThat(speech.assembler(13))
                .isEqualTo(new AssemblerSettings(
                        6, false, Duration.ofMillis(50), 8, Duration.ofSeconds(1), Duration.ofSeconds(60)));
        assertThat(speech.inferenceSettings())
                .isEqualTo(InferenceSettings.builder("speech")
                        .optMaxBatch(8)
                        .optMaxWait(Duration.ofMillis(1))
                        .optCapacity(32)
                        .optSlots(16)
                        .optPipelineDepth(1)
                        .optStateTtl(Duration.ZERO)
                        .optWriteAheadFrom(Duration.ofMillis(5))
                        .optDevice("cpu")
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{look-ahed: 3} | speech.look-ahed",
                "{look-ahead: -1} | speech.look-ahead must not be negative, got -1",
                "{silence: 0s} | speech.silence must be more than 0",
                "{head: tail} | head",
                "{beam: 0} | speech.beam must be from 1 to 32, got 0",
                "{phrases: ['call  me']} | speech.phrases are words with one space between them",
                "{phrase-boost: -1} | speech.phrase-boost must be above 0",
                "{cache: int4} | cache",
                "{keywords: ['']} | speech.keywords must not be blank",
                "{max-ahead: 25h} | speech.max-ahead must be 0s to 1d",
                "{idle-after: 100ms} | speech.idle-after must be longer than reorder-wait",
                "{reorder-wait: 2m} | speech.reorder-wait must be 0 to 1 minute",
                "{reorder-chunks: 0} | speech.reorder-chunks must be 1 to 1024",
                "{gap-limit: 2m} | speech.gap-limit must be 0 to 1 minute",
                "{sample-rate: 2} | speech.sample-rate must be 0 to 1, got 2.0",
                "{samples-per-minute: 0} | speech.samples-per-minute must be at least 1, got 0",
                "{alerts: {open-after: 0}} | speech.alerts.open-after must be at least 1, got 0",
                "{topics: {keywords: k}} | speech.topics.keywords",
                "{inference: {state-ttl: 1h}} | the state of a stream goes when it ends",
                "{topics: {audios: a}} | speech.topics.audios"
            })
    void whatDoesNotFitIsNamed(String speech, String message) {
        assertThatThrownBy(() -> parse(speech))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anInferenceSettingThatDoesNotFitIsNamedByItsStage() {
        assertThatThrownBy(() -> parse("{inference: {slots: 1}}"))
                .hasMessageContaining("speech.inference: inference setting slots");
    }
}
