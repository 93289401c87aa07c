package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;

import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;

/**
 * What a subtask keeps of the models that serve and of orders. What was configured and what orders have brought since are
 * two facts.
 *
 * @param configured the model that the job's configuration named
 * @param generations generations that serve, the current one first
 * @param order the order under way, or null
 * @param attempts how often it was begun
 * @param known orders seen, oldest first
 * @param taskAttempt which attempt of the task wrote this: more of them since are failures
 */
public record ServingSnapshot(
        ModelReference configured,
        List<Generation> generations,
        RolloutCommand order,
        int attempts,
        List<String> known,
        int taskAttempt) {

    /** What made a generation serve. */
    public enum Cause {
        CONFIGURATION,
        ORDER
    }

    /** Deadline of the generation that is current. */
    public static final long CURRENT = Long.MIN_VALUE;

    /**
     * A generation that serves.
     *
     * @param number its number
     * @param model the model
     * @param layout fingerprint of its states
     * @param cause what made it serve
     * @param orderId the order, or empty
     * @param deadline event time up to which it answers records of its keys; {@link #CURRENT} for the current one
     * @param accepted generations whose states it goes on with, itself included
     * @param before the model that served before, while this one is young and may be withdrawn; null otherwise
     */
    public record Generation(
            long number,
            ModelReference model,
            String layout,
            Cause cause,
            String orderId,
            long deadline,
            List<Long> accepted,
            ModelReference before) {

        public boolean isCurrent() {
            return deadline == CURRENT;
        }
    }

    /**
     * What there is to keep now.
     *
     * @param configured the model that the configuration names
     * @param versions what serves
     * @param before the model before the current one, if that is young
     * @param rollout the order under way
     * @param taskAttempt which attempt of the task this is
     */
    public static ServingSnapshot of(
            ModelReference configured,
            Versions<?, ?, ?> versions,
            ModelReference before,
            Rollout<?, ?> rollout,
            int taskAttempt) {
        List<Generation> generations = new ArrayList<>();
        generations.add(generation(versions.current(), CURRENT, before));
        versions.draining().forEach(old -> generations.add(generation(old.deployment(), old.deadline(), null)));
        Rollout.UnderWay order = rollout.underWay();
        return new ServingSnapshot(
                configured,
                generations,
                order == null ? null : order.command(),
                order == null ? 0 : order.attempts(),
                rollout.known(),
                taskAttempt);
    }

    private static Generation generation(Deployment<?, ?, ?> deployment, long deadline, ModelReference before) {
        return new Generation(
                deployment.generation(),
                deployment.reference(),
                deployment.origin().layout(),
                deployment.orderId().isEmpty() ? Cause.CONFIGURATION : Cause.ORDER,
                deployment.orderId(),
                deadline,
                List.copyOf(deployment.accepted()),
                before);
    }

    /** The generation that is current. */
    public Generation current() {
        return generations.get(0);
    }
}
