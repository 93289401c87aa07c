package io.millrace.it.sensor;

import java.time.Duration;
import java.util.List;

import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.Topic;

/** Topics of the sensor stage. */
final class SensorTopics {

    /** Readings in. */
    static final Topic<Reading> READINGS = Topic.of(Reading.class)
            .setName("millrace.sensor.readings")
            .setRole("readings")
            .setRecords("readings")
            .setTextKey("sensor", Reading::getSensor)
            .optTime(Reading::getEventTime)
            .setRetention(Duration.ofDays(1))
            .build();

    /** Averages out. */
    static final Topic<Average> AVERAGES = Topic.of(Average.class)
            .setName("millrace.sensor.averages")
            .setRole("averages")
            .setRecords("averages")
            .setTextKey("sensor", Average::getSensor)
            .setRetention(Duration.ofDays(1))
            .build();

    private SensorTopics() {}

    static List<Topic<?>> all() {
        return List.of(READINGS, AVERAGES, CommonTopics.deadLetters(SensorStage.NAME), CommonTopics.RELEASES);
    }
}
