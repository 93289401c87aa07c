package io.millrace.operators.inference.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/**
 * Lets all subtasks of an inference operator swap at one checkpoint. What it sends before it lets a checkpoint go on reaches
 * the subtasks before the barrier does (see {@link OperatorCoordinator}), so a subtask that is told to swap does so at that
 * barrier. It keeps nothing over a failure: orders are state of the subtasks, which say again what they have loaded.
 */
public final class RolloutCoordinator implements OperatorCoordinator {

    /** Makes the coordinator of one operator. */
    public static final class Provider implements OperatorCoordinator.Provider {
        private static final long serialVersionUID = 1;
        private final OperatorID operator;

        public Provider(OperatorID operator) {
            this.operator = operator;
        }

        @Override
        public OperatorID getOperatorId() {
            return operator;
        }

        @Override
        public OperatorCoordinator create(Context context) {
            return new RolloutCoordinator(context);
        }
    }

    private final Map<Integer, SubtaskGateway> gateways = new HashMap<>();
    private final RolloutVotes votes;

    RolloutCoordinator(Context context) {
        this.votes = new RolloutVotes(context::currentParallelism);
    }

    @Override
    public void start() {
        // Has nothing to prepare.
    }

    @Override
    public void handleEventFromOperator(int subtask, int attempt, OperatorEvent event) {
        if (event instanceof RolloutMessage.Ready ready) {
            votes.ready(subtask, ready);
            if (votes.isForNow()) {
                agree();
            }
        } else if (event instanceof RolloutMessage.Failed failed) {
            votes.forgetAll();
            send(failed);
        } else if (event instanceof RolloutMessage.Broken broken) {
            send(broken);
        } else {
            throw new IllegalArgumentException("no subtask of an inference operator says " + event);
        }
    }

    private void agree() {
        votes.take().ifPresent(this::send);
    }

    private void send(RolloutMessage message) {
        gateways.values().forEach(gateway -> gateway.sendEvent(message));
    }

    @Override
    public void checkpointCoordinator(long checkpointId, CompletableFuture<byte[]> result) {
        agree();
        result.complete(new byte[0]);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        // Subtasks are told by Flink.
    }

    @Override
    public void resetToCheckpoint(long checkpointId, byte[] checkpointData) {
        votes.forgetAll();
    }

    @Override
    public void subtaskReset(int subtask, long checkpointId) {
        votes.forget(subtask);
    }

    @Override
    public void executionAttemptFailed(int subtask, int attemptNumber, Throwable reason) {
        gateways.remove(subtask);
        votes.forget(subtask);
    }

    @Override
    public void executionAttemptReady(int subtask, int attemptNumber, SubtaskGateway gateway) {
        gateways.put(subtask, gateway);
    }

    @Override
    public void close() {
        gateways.clear();
    }
}
