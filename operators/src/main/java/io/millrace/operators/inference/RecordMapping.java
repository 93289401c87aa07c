package io.millrace.operators.inference;

import java.io.Serializable;

import io.millrace.models.streaming.ModelId;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/**
 * What a stage adds to {@link KeyedInferenceOperator}: from record to model input, from model output to result.
 *
 * @param <IN> record
 * @param <I> model input
 * @param <O> model output
 * @param <OUT> result
 */
public interface RecordMapping<IN, I, O, OUT> extends Serializable {

    /**
     * Makes the model's input of a record. Runs on the task thread.
     *
     * @throws RuntimeException if the record is unfit; it becomes a dead letter then
     */
    I input(IN record);

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
