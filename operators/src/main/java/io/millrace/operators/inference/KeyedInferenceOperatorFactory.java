package io.millrace.operators.inference;

import io.millrace.operators.inference.internal.Clock;
import io.millrace.operators.inference.internal.RolloutCoordinator;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.ModelRelease;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;
import org.apache.flink.util.OutputTag;

/**
 * Makes a {@link KeyedInferenceOperator} for each subtask.
 *
 * @param <K> key
 * @param <IN> record
 * @param <I> model input
 * @param <O> model output
 * @param <OUT> result
 */
public final class KeyedInferenceOperatorFactory<K, IN, I, O, OUT> extends AbstractStreamOperatorFactory<OUT>
        implements TwoInputStreamOperatorFactory<IN, ModelRelease, OUT>, CoordinatedOperatorFactory<OUT> {

    private final InferenceSettings settings;
    private final ModelReference model;
    private final ModelLoader<I, O> loader;
    private final RecordMapping<IN, I, O, OUT> mapping;
    private final OutputTag<DeadLetter> deadLetters;
    private final TypeSerializer<IN> recordSerializer;
    private Clock clock = System::nanoTime;

    /**
     * Creates a factory.
     *
     * @param settings batching, buffering and state
     * @param model the model that the configuration names, see {@link io.millrace.operators.inference.internal.Restoration}
     *     for what serves after a restore
     * @param loader loads versions
     * @param mapping record to model input, model output to result
     * @param deadLetters side output of records that cannot be answered
     * @param recordSerializer serializer of records that wait at a checkpoint
     */
    public KeyedInferenceOperatorFactory(
            InferenceSettings settings,
            ModelReference model,
            ModelLoader<I, O> loader,
            RecordMapping<IN, I, O, OUT> mapping,
            OutputTag<DeadLetter> deadLetters,
            TypeSerializer<IN> recordSerializer) {
        this.settings = settings;
        this.model = model;
        this.loader = loader;
        this.mapping = mapping;
        this.deadLetters = deadLetters;
        this.recordSerializer = recordSerializer;
    }

    /** Measures waiting by another clock, for tests. */
    KeyedInferenceOperatorFactory<K, IN, I, O, OUT> withClock(Clock other) {
        clock = other;
        return this;
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String operatorName, OperatorID operatorId) {
        return new RolloutCoordinator.Provider(operatorId);
    }

    @Override
    public <T extends StreamOperator<OUT>> T createStreamOperator(StreamOperatorParameters<OUT> parameters) {
        KeyedInferenceOperator<K, IN, I, O, OUT> operator = new KeyedInferenceOperator<>(
                parameters,
                new KeyedInferenceOperator.Stage<>(
                        settings, model, loader, mapping, deadLetters, recordSerializer.duplicate()),
                clock,
                parameters.getMailboxExecutor());
        OperatorID id = parameters.getStreamConfig().getOperatorID();
        operator.connect(parameters.getOperatorEventDispatcher().getOperatorEventGateway(id)::sendEventToCoordinator);
        parameters.getOperatorEventDispatcher().registerEventHandler(id, operator);
        @SuppressWarnings("unchecked")
        T made = (T) operator;
        return made;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return KeyedInferenceOperator.class;
    }
}
