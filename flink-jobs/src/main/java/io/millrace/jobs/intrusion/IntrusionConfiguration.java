package io.millrace.jobs.intrusion;

import java.time.Duration;
import java.util.Map;

import io.millrace.jobs.config.AlertConfiguration;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.SampleConfiguration;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.jobs.config.StartFrom;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.operators.alert.AlertPolicy;
import io.millrace.operators.inference.InferenceSettings;

/**
 * Settings of the intrusion stage; a key left out has its default.
 *
 * @param topics names of topics by their roles, where they are others than usual
 * @param profile fields that the flows carry: core or zeek
 * @param model directory of the model, or {@code default} for the shipped one
 * @param disorder how far flows of a host may be out of order; 0s takes them as they arrive
 * @param maxAhead how far a flow may be dated ahead of the clock; one that is dated farther is given up
 * @param idleAfter wall-clock time after which a silent partition that has nothing left to read no longer holds the
 *     stream back
 * @param startFrom where a group without committed offsets begins: earliest or latest
 * @param sampleRate share of judged flows that goes to the features topic, 0 to 1
 * @param samplesPerMinute samples of a host in a minute of event time at most
 * @param inference batching and state
 * @param alerts when alerts open and close
 */
public record IntrusionConfiguration(
        Map<String, String> topics,
        String profile,
        String model,
        Duration disorder,
        Duration maxAhead,
        Duration idleAfter,
        StartFrom startFrom,
        Double sampleRate,
        Integer samplesPerMinute,
        InferenceConfiguration inference,
        AlertConfiguration alerts)
        implements StageConfiguration {

    public IntrusionConfiguration {
        topics = topics == null ? Map.of() : Map.copyOf(topics);
        profile = profile == null ? FlowProfile.CORE.id() : profile;
        model = model == null ? "default" : model;
        disorder = disorder == null ? Duration.ofMinutes(5) : disorder;
        maxAhead = maxAhead == null ? Duration.ofMinutes(5) : maxAhead;
        idleAfter = idleAfter == null ? Duration.ofSeconds(30) : idleAfter;
        startFrom = startFrom == null ? StartFrom.EARLIEST : startFrom;
        sampleRate = sampleRate == null ? SampleConfiguration.DEFAULT_RATE : sampleRate;
        samplesPerMinute = samplesPerMinute == null ? SampleConfiguration.DEFAULT_PER_MINUTE : samplesPerMinute;
        inference = inference == null ? InferenceConfiguration.defaults() : inference;
        alerts = alerts == null ? AlertConfiguration.defaults() : alerts;
        if (!profile.equals("core") && !profile.equals("zeek")) {
            throw new ConfigurationException("intrusion.profile must be core or zeek, got " + profile);
        }
        if (disorder.compareTo(Duration.ofDays(1)) > 0) {
            throw new ConfigurationException("intrusion.disorder must be at most a day, got " + disorder);
        }
        if (maxAhead.isNegative() || maxAhead.compareTo(Duration.ofDays(1)) > 0) {
            throw new ConfigurationException("intrusion.max-ahead must be 0s to 1d, got " + maxAhead);
        }
        checked(inference);
        SampleConfiguration.of("intrusion", sampleRate, samplesPerMinute);
        alerts.policy("intrusion", AlertPolicy.DEFAULT);
    }

    /** Which samples are taken. */
    public SampleConfiguration samples() {
        return SampleConfiguration.of("intrusion", sampleRate, samplesPerMinute);
    }

    /** When alerts open and close. */
    public AlertPolicy alertPolicy() {
        return alerts.policy("intrusion", AlertPolicy.DEFAULT);
    }

    /**
     * The operator's settings.
     *
     * @throws ConfigurationException naming the key that does not fit
     */
    public InferenceSettings inferenceSettings() {
        return checked(inference);
    }

    private static InferenceSettings checked(InferenceConfiguration inference) {
        return inference.settings("intrusion", InferenceSettings.builder("intrusion"));
    }
}
