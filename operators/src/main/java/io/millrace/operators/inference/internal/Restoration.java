package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;

/**
 * What is to serve after a restore, from what all subtasks kept and what the configuration says now.
 *
 * <ul>
 *   <li>The current generation is the highest that any subtask had; what a generation accepts is what it accepted in any.
 *   <li>A model that the configuration brought goes on as long as the configuration names the same; otherwise the one that
 *       it names now takes over, and every key starts again.
 *   <li>A model that an order brought goes on, even if the default model is another after an upgrade; but where the
 *       configuration names another location than at the savepoint, that is the newer decision.
 *   <li>A young generation with which the task has failed again and again is withdrawn.
 * </ul>
 *
 * @param current what serves now
 * @param draining generations that finish what they have begun
 * @param order the order under way, or null
 * @param known orders seen
 * @param notes what an operator of the job should know, a line each
 */
public record Restoration(
        ServingSnapshot.Generation current,
        List<ServingSnapshot.Generation> draining,
        Rollout.UnderWay order,
        List<String> known,
        List<String> notes) {

    /** Failures of a task in a row with a young generation before that is withdrawn. */
    public static final int MOST_YOUNG_FAILURES = 3;

    /**
     * Decides.
     *
     * @param saved what each subtask kept; empty on a fresh start
     * @param configured what the configuration names now
     * @param taskAttempt which attempt of the task this is
     */
    public static Restoration of(List<ServingSnapshot> saved, ModelReference configured, int taskAttempt) {
        if (saved.isEmpty()) {
            return new Restoration(byConfiguration(1, configured), List.of(), null, List.of(), List.of());
        }
        Map<Long, ServingSnapshot.Generation> generations = union(saved);
        ServingSnapshot.Generation highest = generations.values().stream()
                .max(Comparator.comparingLong(ServingSnapshot.Generation::number))
                .orElseThrow();
        ServingSnapshot kept = saved.stream()
                .filter(each -> each.current().number() == highest.number())
                .findFirst()
                .orElse(saved.get(0));
        Set<String> known = new LinkedHashSet<>();
        saved.forEach(each -> known.addAll(each.known()));
        List<String> notes = new ArrayList<>();
        ServingSnapshot.Generation current = current(highest, kept.configured(), configured, taskAttempt, kept, notes);
        List<ServingSnapshot.Generation> draining = generations.values().stream()
                .filter(each -> !each.isCurrent() && each.number() != current.number())
                .sorted(Comparator.comparingLong(ServingSnapshot.Generation::number))
                .toList();
        boolean overruled = current.number() != highest.number();
        return new Restoration(
                current, draining, overruled ? null : underWay(saved, current, taskAttempt), List.copyOf(known), notes);
    }

    private static ServingSnapshot.Generation byConfiguration(long number, ModelReference configured) {
        return new ServingSnapshot.Generation(
                number,
                configured,
                "",
                ServingSnapshot.Cause.CONFIGURATION,
                "",
                ServingSnapshot.CURRENT,
                List.of(number),
                null);
    }

    private static Map<Long, ServingSnapshot.Generation> union(List<ServingSnapshot> saved) {
        Map<Long, ServingSnapshot.Generation> union = new TreeMap<>();
        for (ServingSnapshot subtask : saved) {
            for (ServingSnapshot.Generation generation : subtask.generations()) {
                union.merge(generation.number(), generation, Restoration::merge);
            }
        }
        return union;
    }

    private static ServingSnapshot.Generation merge(ServingSnapshot.Generation one, ServingSnapshot.Generation other) {
        Set<Long> accepted = new TreeSet<>(one.accepted());
        accepted.addAll(other.accepted());
        return new ServingSnapshot.Generation(
                one.number(),
                one.model(),
                one.layout(),
                one.cause(),
                one.orderId(),
                Math.max(one.deadline(), other.deadline()),
                List.copyOf(accepted),
                one.before() == null || other.before() == null ? null : one.before());
    }

    private static ServingSnapshot.Generation current(
            ServingSnapshot.Generation highest,
            ModelReference configuredThen,
            ModelReference configured,
            int taskAttempt,
            ServingSnapshot kept,
            List<String> notes) {
        if (isSame(configured, highest.model())) {
            return with(highest, configured);
        }
        if (highest.cause() == ServingSnapshot.Cause.CONFIGURATION) {
            notes.add("the configuration names " + describe(configured) + " now, " + describe(highest.model())
                    + " served at the savepoint: " + configured.id() + " takes over and every key starts again");
            return byConfiguration(highest.number() + 1, configured);
        }
        if (!isSame(configured, configuredThen) && !configured.location().equals(configuredThen.location())) {
            notes.add("the configuration names " + describe(configured) + " now and not "
                    + describe(configuredThen) + ", which is newer than order " + highest.orderId() + " for "
                    + highest.model().id() + ": " + configured.id() + " takes over and every key starts again");
            return byConfiguration(highest.number() + 1, configured);
        }
        if (highest.before() != null && taskAttempt - kept.taskAttempt() >= MOST_YOUNG_FAILURES) {
            notes.add("the task has failed " + (taskAttempt - kept.taskAttempt()) + " times since order "
                    + highest.orderId() + " brought " + highest.model().id() + ": it is withdrawn, "
                    + highest.before().id() + " serves again and every key starts again");
            return new ServingSnapshot.Generation(
                    highest.number() + 1,
                    highest.before(),
                    "",
                    isSame(highest.before(), configured)
                            ? ServingSnapshot.Cause.CONFIGURATION
                            : ServingSnapshot.Cause.ORDER,
                    "withdrawal of " + highest.orderId(),
                    ServingSnapshot.CURRENT,
                    List.of(highest.number() + 1),
                    null);
        }
        notes.add("order " + highest.orderId() + " brought " + describe(highest.model())
                + ", which goes on; the configuration names " + describe(configured));
        return with(highest, highest.model());
    }

    private static ServingSnapshot.Generation with(ServingSnapshot.Generation generation, ModelReference model) {
        return new ServingSnapshot.Generation(
                generation.number(),
                model,
                generation.layout(),
                generation.cause(),
                generation.orderId(),
                ServingSnapshot.CURRENT,
                generation.accepted(),
                generation.before());
    }

    private static Rollout.UnderWay underWay(
            List<ServingSnapshot> saved, ServingSnapshot.Generation current, int taskAttempt) {
        RolloutCommand command = null;
        int attempts = 0;
        for (ServingSnapshot subtask : saved) {
            if (subtask.order() != null && !subtask.order().releaseId().equals(current.orderId())) {
                command = subtask.order();
                int failedSince = Math.max(0, taskAttempt - subtask.taskAttempt());
                attempts = Math.max(attempts, Math.max(0, subtask.attempts() - 1) + failedSince);
            }
        }
        return command == null ? null : new Rollout.UnderWay(command, attempts);
    }

    private static boolean isSame(ModelReference one, ModelReference other) {
        return one.id().equals(other.id()) && one.sha256().equalsIgnoreCase(other.sha256());
    }

    private static String describe(ModelReference model) {
        return model.id() + " at " + model.location();
    }
}
