package io.millrace.operators.inference;

import java.io.Serializable;

import io.millrace.models.streaming.ModelId;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apiguardian.api.API;

/**
 * What a stage adds to {@link KeyedInferenceOperator}: from record to model input, from model output to result. A record on
 * which one of the methods throws a {@link RuntimeException} becomes a dead letter; the others go on.
 *
 * @param <IN> record
 * @param <I> model input
 * @param <O> model output
 * @param <OUT> result
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface RecordMapping<IN, I, O, OUT> extends Serializable {

    /**
     * Makes the model's input of a record. Runs on the task thread, or aside if {@link #preparesAside()}.
     *
     * @throws RuntimeException if the record is unfit; it becomes a dead letter then
     */
    I input(IN record);

    /**
     * Whether {@link #endsKey} and {@link #input} are costly, as decoding a picture is: they are then called by several
     * threads beside the task thread, for some records ahead. They must be free of state.
     */
    default boolean preparesAside() {
        return false;
    }

    /** Memory that a record takes as long as it waits, in bytes, about; 0 where records are small. */
    default long bytes(IN record) {
        return 0;
    }

    /** Makes a result of a record and what the model said of it. Must depend on its arguments alone. */
    OUT result(IN record, O output, ModelId model);

    /**
     * Whether a record says that its key is over. It is no input of the model: once the records of its key before it are
     * answered, it is answered by {@link #ended}, and the state of the key is dropped. Records of the key that come later
     * begin anew.
     */
    default boolean endsKey(IN record) {
        return false;
    }

    /** Makes a result of a record that ends its key. Must depend on its arguments alone. */
    default OUT ended(IN record, ModelId model) {
        throw new UnsupportedOperationException("no record of this mapping ends its key");
    }

    /** Makes a dead letter of a record that the model could not answer. */
    DeadLetter deadLetter(IN record, DeadLetterReason reason, String message);
}
