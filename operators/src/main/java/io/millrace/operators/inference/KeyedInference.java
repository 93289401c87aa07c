package io.millrace.operators.inference;

import io.millrace.schemas.ModelRelease;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;
import org.apiguardian.api.API;

/** Puts a {@link KeyedInferenceOperator} into a job. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class KeyedInference {

    private KeyedInference() {}

    /**
     * Connects a keyed stream of records and a stream of model releases to an operator.
     *
     * @param name name of the operator, as an operator of the job reads it
     * @param records records by key
     * @param releases model releases; every subtask gets each
     * @param factory the operator
     * @param resultType type of the results
     * @return the results; dead letters are in the side output that the factory names
     */
    public static <K, IN, I, O, OUT> SingleOutputStreamOperator<OUT> connect(
            String name,
            KeyedStream<IN, K> records,
            DataStream<ModelRelease> releases,
            KeyedInferenceOperatorFactory<K, IN, I, O, OUT> factory,
            TypeInformation<OUT> resultType) {
        StreamExecutionEnvironment environment = records.getExecutionEnvironment();
        TwoInputTransformation<IN, ModelRelease, OUT> transformation = new TwoInputTransformation<>(
                records.getTransformation(),
                releases.broadcast().getTransformation(),
                name,
                factory,
                resultType,
                records.getParallelism(),
                false);
        transformation.setStateKeySelectors(records.getKeySelector(), null);
        transformation.setStateKeyType(records.getKeyType());
        environment.addOperator(transformation);
        return new Results<>(environment, transformation);
    }

    /** Opens the constructor of the result stream. */
    private static final class Results<OUT> extends SingleOutputStreamOperator<OUT> {
        private Results(
                StreamExecutionEnvironment environment, TwoInputTransformation<?, ModelRelease, OUT> transformation) {
            super(environment, transformation);
        }
    }
}
