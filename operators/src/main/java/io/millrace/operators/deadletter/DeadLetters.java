package io.millrace.operators.deadletter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;

import io.millrace.operators.source.Origin;
import io.millrace.schemas.AvroJson;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.avro.specific.SpecificRecord;
import org.apiguardian.api.API;

/** Dead letters of records that were decoded but could not be answered. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DeadLetters {

    private DeadLetters() {}

    /** A letter with the record in Avro's JSON; of a record that its schema does not allow, with a text that shows it. */
    public static DeadLetter of(
            String stage, String step, String key, SpecificRecord record, DeadLetterReason reason, String message) {
        return of(stage, step, key, AvroJson.of(record), reason, message);
    }

    /** A letter with whatever there is of the record. */
    public static DeadLetter of(
            String stage, String step, String key, byte[] value, DeadLetterReason reason, String message) {
        return DeadLetter.newBuilder()
                .setStage(stage)
                .setStep(step)
                .setReason(reason)
                .setMessage(message)
                .setFailedTime(Instant.now())
                .setKey(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)))
                .setValue(ByteBuffer.wrap(value))
                .setHeaders(new HashMap<>())
                .build();
    }

    /** The letter, with the place where its record was read; unchanged where that is not known. */
    public static DeadLetter at(Origin origin, DeadLetter letter) {
        if (origin != null) {
            letter.setTopic(origin.topic());
            letter.setPartition(origin.partition());
            letter.setOffset(origin.offset());
            letter.setRecordTime(origin.timestamp() < 0 ? null : Instant.ofEpochMilli(origin.timestamp()));
        }
        return letter;
    }
}
