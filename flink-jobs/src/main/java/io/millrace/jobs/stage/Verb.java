package io.millrace.jobs.stage;

import java.util.Locale;

import org.apiguardian.api.API;

/** What can be done with a stage, in the order that help shows it. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Verb {
    SIMULATE("Makes an input stream: realistic, labelled, seeded."),
    COLLECT("Brings records of the outer world in and writes them to Kafka."),
    SERVE("Listens for clients, passes their input to Kafka and sends them what a job makes of it."),
    DECODE("Looks into files of input."),
    TRAIN("Trains a network."),
    EVALUATE("Holds a trained network against labelled data."),
    COMPARE("Compares kinds of network on the same data."),
    IMPORT("Imports trained networks of others."),
    PARITY("Holds a network against figures of its reference implementation.");

    private final String summary;

    Verb(String summary) {
        this.summary = summary;
    }

    /** As it is typed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it does, in one sentence. */
    public String summary() {
        return summary;
    }
}
