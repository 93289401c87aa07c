package io.millrace.jobs.speech;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.jobs.config.AlertConfiguration;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.SampleConfiguration;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.jobs.config.StartFrom;
import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.operators.alert.AlertPolicy;
import io.millrace.operators.inference.InferenceSettings;
import io.millrace.operators.speech.AssemblerSettings;
import io.millrace.operators.speech.DecodingSettings;

/**
 * Settings of the speech stage; a key left out has its default.
 *
 * @param topics names of topics by their roles, where they are others than usual
 * @param model folder of the model, or {@code default} for the shipped one
 * @param lookAhead look-ahead in encoder frames of streams that do not ask for one; the model's first if left out
 * @param adaptive whether the look-ahead of a stream that is behind is raised
 * @param head head of the network whose tokens count: ctc or rnnt
 * @param beam hypotheses of a beam search; null for one, with phrases for some
 * @param phrases words and phrases that are preferred
 * @param phraseBoost what each token of a phrase adds to the logarithm of the probability; null for the default
 * @param cache how the keys and values of the past are kept: float32 or float16
 * @param silence time without a new token that ends an utterance
 * @param keywords words and phrases to alert of
 * @param maxAhead how far a chunk may be dated ahead of the clock; one that is dated farther is given up
 * @param idleAfter wall-clock time without audio after which a stream is over
 * @param reorderWait how long a missing chunk is waited for
 * @param reorderChunks chunks of a channel that wait behind a missing one at most
 * @param gapLimit lost audio that is filled with silence at most
 * @param startFrom where a group without committed offsets begins: earliest or latest
 * @param sampleRate share of chunks that goes to the features topic, 0 to 1
 * @param samplesPerMinute samples of a channel in a minute of event time at most
 * @param inference batching and state; there is no state-ttl, for streams end by themselves
 * @param alerts when alerts of keywords open and close
 */
public record SpeechConfiguration(
        Map<String, String> topics,
        String model,
        Integer lookAhead,
        Boolean adaptive,
        UtteranceDecoder.Head head,
        Integer beam,
        List<String> phrases,
        Double phraseBoost,
        CachePrecision cache,
        Duration silence,
        List<String> keywords,
        Duration maxAhead,
        Duration idleAfter,
        Duration reorderWait,
        Integer reorderChunks,
        Duration gapLimit,
        StartFrom startFrom,
        Double sampleRate,
        Integer samplesPerMinute,
        InferenceConfiguration inference,
        AlertConfiguration alerts)
        implements StageConfiguration {

    public SpeechConfiguration {
        topics = topics == null ? Map.of() : Map.copyOf(topics);
        model = model == null ? "default" : model;
        adaptive = adaptive == null || adaptive;
        head = head == null ? UtteranceDecoder.Head.STANDARD : head;
        phrases = phrases == null ? List.of() : List.copyOf(phrases);
        cache = cache == null ? CachePrecision.FLOAT32 : cache;
        silence = silence == null ? Duration.ofMillis(800) : silence;
        keywords = keywords == null ? List.of() : List.copyOf(keywords);
        maxAhead = maxAhead == null ? Duration.ofMinutes(5) : maxAhead;
        idleAfter = idleAfter == null ? Duration.ofSeconds(30) : idleAfter;
        reorderWait = reorderWait == null ? Duration.ofMillis(200) : reorderWait;
        reorderChunks = reorderChunks == null ? 64 : reorderChunks;
        gapLimit = gapLimit == null ? Duration.ofSeconds(5) : gapLimit;
        startFrom = startFrom == null ? StartFrom.EARLIEST : startFrom;
        sampleRate = sampleRate == null ? SampleConfiguration.DEFAULT_RATE : sampleRate;
        samplesPerMinute = samplesPerMinute == null ? SampleConfiguration.DEFAULT_PER_MINUTE : samplesPerMinute;
        inference = inference == null ? InferenceConfiguration.defaults() : inference;
        alerts = alerts == null ? AlertConfiguration.defaults() : alerts;
        if (keywords.stream().anyMatch(String::isBlank)) {
            throw new ConfigurationException("speech.keywords must not be blank");
        }
        if (maxAhead.isNegative() || maxAhead.compareTo(Duration.ofDays(1)) > 0) {
            throw new ConfigurationException("speech.max-ahead must be 0s to 1d, got " + maxAhead);
        }
        if (inference.stateTtl() != null) {
            throw new ConfigurationException(
                    "speech.inference has no state-ttl: the state of a stream goes when it ends; see speech.idle-after");
        }
        checked(inference);
        SampleConfiguration.of("speech", sampleRate, samplesPerMinute);
        alerts.policy("speech", AlertPolicy.EACH);
        try {
            new AssemblerSettings(
                    lookAhead == null ? 0 : lookAhead, adaptive, reorderWait, reorderChunks, gapLimit, idleAfter);
            new DecodingSettings(head, silence);
            Search.of(head, beam, phrases, phraseBoost);
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException("speech." + wrong.getMessage());
        }
    }

    /** How chunks become audio without gaps; {@code first}: look-ahead where none is set. */
    public AssemblerSettings assembler(int first) {
        return new AssemblerSettings(
                lookAhead == null ? first : lookAhead, adaptive, reorderWait, reorderChunks, gapLimit, idleAfter);
    }

    /** How what was heard becomes utterances. */
    public DecodingSettings decoding() {
        return new DecodingSettings(head, silence);
    }

    /** Which samples are taken. */
    public SampleConfiguration samples() {
        return SampleConfiguration.of("speech", sampleRate, samplesPerMinute);
    }

    /** When alerts of keywords open and close: each time that one is said is an alert of its own, if nothing is set. */
    public AlertPolicy alertPolicy() {
        return alerts.policy("speech", AlertPolicy.EACH);
    }

    /** How words are looked for. */
    public Search search() {
        return Search.of(head, beam, phrases, phraseBoost);
    }

    /**
     * The operator's settings. States of streams are larger than those of hosts: fewer slots.
     *
     * @throws ConfigurationException naming the key that does not fit
     */
    public InferenceSettings inferenceSettings() {
        return checked(inference);
    }

    private static InferenceSettings checked(InferenceConfiguration inference) {
        return inference.settings(
                "speech",
                InferenceSettings.builder("speech")
                        .optMaxBatch(64)
                        .optMaxWait(Duration.ofMillis(20))
                        .optSlots(1024)
                        .optStateTtl(Duration.ZERO));
    }
}
