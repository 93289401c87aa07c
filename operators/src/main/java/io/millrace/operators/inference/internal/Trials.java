package io.millrace.operators.inference.internal;

import java.time.Duration;

import io.millrace.operators.inference.CacheTransition;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which a new model may turn out not to work at all: it is then withdrawn, and the one before serves again. For
 * the task thread.
 *
 * @param <I> model input
 * @param <O> model output
 */
public final class Trials<I, O> {

    private static final Logger LOG = LoggerFactory.getLogger(Trials.class);

    private final String stage;
    private final Clock clock;
    private final long trialNanos;
    private final Rollout<I, O> rollout;
    private Rollout.Link link = message -> {};
    private ModelReference before;
    private long since;
    private boolean broken;

    /**
     * No model is on trial.
     *
     * @param stage name of the stage, for the log
     * @param clock measures the time
     * @param trialTime how long a new model is on trial
     * @param rollout carries out a withdrawal
     */
    public Trials(String stage, Clock clock, Duration trialTime, Rollout<I, O> rollout) {
        this.stage = stage;
        this.clock = clock;
        this.trialNanos = trialTime.toNanos();
        this.rollout = rollout;
    }

    /** Says whom to tell of a model that does not work. */
    public void connect(Rollout.Link coordinator) {
        link = coordinator;
    }

    /** After a restore: the model before a young one, or null. */
    public void restore(ModelReference modelBefore) {
        before = modelBefore;
        since = clock.nanos();
    }

    /** Another model serves. A model that was withdrawn to is not on trial. */
    void swapped(RolloutCommand command, ModelReference previous) {
        before = broken || command.releaseId().startsWith(WITHDRAWAL) ? null : previous;
        since = clock.nanos();
        broken = false;
    }

    /** Whether the model that serves has served for a short time only. */
    boolean isYoung() {
        if (before != null && clock.nanos() - since > trialNanos) {
            before = null;
        }
        return before != null;
    }

    /** The model before the one that serves, as long as that is young; null afterwards. */
    public ModelReference before() {
        return isYoung() ? before : null;
    }

    /** Whether what serves does not work and is being withdrawn: nothing more may be sent to it. */
    boolean isBroken() {
        return broken;
    }

    private static final String WITHDRAWAL = "withdrawal of generation ";

    /** What serves does not work: all subtasks are to withdraw it. */
    void broken(Deployment<?, ?, ?> deployment, DeviceFailureException failure) {
        if (broken) {
            return;
        }
        broken = true;
        LOG.error(
                "stage {}: {} (generation {}) does not work and is withdrawn, {} takes over again: {}",
                stage,
                deployment.id(),
                deployment.generation(),
                before.id(),
                failure.getMessage(),
                failure);
        link.tell(new RolloutMessage.Broken(deployment.generation(), failure.getMessage()));
    }

    /** The coordinator says that a generation does not work on some subtask: goes back to the model before. */
    public void withdraw(RolloutMessage.Broken message, long serving) {
        if (message.generation() == serving && before != null) {
            rollout.goBack(new RolloutCommand(WITHDRAWAL + serving, before, CacheTransition.RESET));
        }
    }

    /** The withdrawal itself has failed. */
    public void failIfBroken(String why) {
        if (broken) {
            throw new IllegalStateException(
                    "the model that serves does not work, and the one before does not load: " + why);
        }
    }
}
