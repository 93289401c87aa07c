package io.millrace.it.sensor;

import io.millrace.models.streaming.ModelId;
import io.millrace.operators.deadletter.DeadLetters;
import io.millrace.operators.inference.RecordMapping;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/** Readings to numbers, means to averages. */
final class SensorMapping implements RecordMapping<Traced<Reading>, Double, MovingAverage.Mean, Average> {

    @Override
    public Double input(Traced<Reading> reading) {
        if (!Double.isFinite(reading.record.getValue())) {
            throw new IllegalArgumentException("the reading is " + reading.record.getValue());
        }
        return reading.record.getValue();
    }

    @Override
    public Average result(Traced<Reading> reading, MovingAverage.Mean mean, ModelId model) {
        return Average.newBuilder()
                .setSensor(reading.record.getSensor())
                .setAverage(mean.value())
                .setReadings(mean.readings())
                .setEventTime(reading.record.getEventTime())
                .build();
    }

    @Override
    public DeadLetter deadLetter(Traced<Reading> reading, DeadLetterReason reason, String message) {
        return DeadLetters.at(
                reading.origin,
                DeadLetters.of(SensorStage.NAME, "infer", reading.record.getSensor(), reading.record, reason, message));
    }
}
