package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.millrace.operators.inference.CacheTransition;
import io.millrace.operators.inference.ModelReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generations that serve: the current one, and earlier ones that finish what they have begun. For the task thread.
 *
 * @param <K> key type
 * @param <I> model input
 * @param <O> model output
 */
public final class Versions<K, I, O> implements AutoCloseable {

    /** Deadline of a generation that drains while no watermark has come yet. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Generations that drain at most; the oldest gives way. */
    public static final int MOST_DRAINING = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Versions.class);

    /** A generation that drains: it answers records of its keys up to a moment of event time. */
    public record Draining<K, I, O>(Deployment<K, I, O> deployment, long deadline) {

        boolean serves(PendingRecord<K, ?> record) {
            return record.timestamp() <= deadline;
        }
    }

    private final int slots;
    private final long drainMillis;
    private final List<Draining<K, I, O>> draining = new ArrayList<>();
    private Deployment<K, I, O> current;
    private Runnable beforeChange = () -> {};

    /**
     * Starts with one generation.
     *
     * @param current the generation
     * @param slots keys whose states are on the device
     * @param drainMillis event time that a generation drains for, counted from the watermark at the swap
     */
    public Versions(Deployment<K, I, O> current, int slots, long drainMillis) {
        this.current = current;
        this.slots = slots;
        this.drainMillis = drainMillis;
    }

    /** Is told before each change of what serves: whatever works with a generation ends then. */
    void beforeChange(Runnable listener) {
        beforeChange = listener;
    }

    public Deployment<K, I, O> current() {
        return current;
    }

    /** Generations still finishing with their deadlines, oldest first. */
    public List<Draining<K, I, O>> draining() {
        return List.copyOf(draining);
    }

    /** Every generation that serves, the current one first. */
    public List<Deployment<K, I, O>> all() {
        List<Deployment<K, I, O>> all = new ArrayList<>();
        all.add(current);
        draining.forEach(old -> all.add(old.deployment()));
        return all;
    }

    /** The number that the next generation will have. */
    public long nextGeneration() {
        long highest = current.generation();
        for (Draining<K, I, O> old : draining) {
            highest = Math.max(highest, old.deployment().generation());
        }
        return highest + 1;
    }

    /**
     * Serves another model from now on, as a new generation. Nothing may be in flight.
     *
     * @param generation number of the generation, higher than any before
     * @param candidate the model; the caller's to close if this throws
     * @param watermark event time reached, from which a deadline is counted; {@link Long#MIN_VALUE} if none has come
     */
    public void swap(long generation, Candidate<I, O> candidate, long watermark) {
        beforeChange.run();
        Deployment<K, I, O> before = current;
        ModelReference reference = candidate.command().model();
        if (candidate.hosted() == null) {
            current = before.migrate(generation, candidate.command().releaseId(), reference, candidate.model());
            return;
        }
        current = new Deployment<>(generation, candidate.command().releaseId(), reference, candidate.hosted(), slots);
        if (candidate.command().cachePolicy() == CacheTransition.DRAIN && !before.isStateless()) {
            drain(before, watermark == Long.MIN_VALUE ? NO_DEADLINE : saturatedAdd(watermark, drainMillis));
        } else {
            before.close();
        }
    }

    /** Lets a generation finish until its deadline. */
    public void drain(Deployment<K, I, O> old, long deadline) {
        draining.add(new Draining<>(old, deadline));
        draining.sort(Comparator.comparingLong(each -> each.deployment().generation()));
        while (draining.size() > MOST_DRAINING) {
            Deployment<K, I, O> oldest = draining.remove(0).deployment();
            LOG.warn(
                    "{} of generation {} stops draining, since {} others do: its keys start again on {}",
                    oldest.id(),
                    oldest.generation(),
                    MOST_DRAINING,
                    current.id());
            beforeChange.run();
            oldest.close();
        }
    }

    /** Event time has come to {@code watermark}: gives up generations whose time is over. Nothing may be in flight. */
    public void retire(long watermark) {
        if (watermark == Long.MIN_VALUE) {
            return;
        }
        draining.replaceAll(old -> old.deadline() == NO_DEADLINE
                ? new Draining<>(old.deployment(), saturatedAdd(watermark, drainMillis))
                : old);
        List<Draining<K, I, O>> over =
                draining.stream().filter(old -> old.deadline() <= watermark).toList();
        if (!over.isEmpty()) {
            beforeChange.run();
            draining.removeAll(over);
            over.forEach(old -> old.deployment().close());
        }
    }

    /** The earliest deadline is over at this watermark, or one is missing. */
    public boolean wantsRetirement(long watermark) {
        if (watermark == Long.MIN_VALUE) {
            return false;
        }
        for (Draining<K, I, O> old : draining) {
            if (old.deadline() == NO_DEADLINE || old.deadline() <= watermark) {
                return true;
            }
        }
        return false;
    }

    private static long saturatedAdd(long time, long millis) {
        return time > Long.MAX_VALUE - 1 - millis ? Long.MAX_VALUE - 1 : time + millis;
    }

    /** Closes every generation; what one of them throws does not keep the others. Nothing may be in flight. */
    @Override
    public void close() throws Exception {
        List<Deployment<K, I, O>> all = all();
        draining.clear();
        org.apache.flink.util.IOUtils.closeAll(all);
    }
}
