package io.millrace.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Rates of several things that were measured in turn, several times over. Ratios are taken within a turn, whose runs
 * follow each other closely, and then their median: what slows a shared machine down for minutes falls on both sides.
 *
 * @param <T> what is measured
 */
final class Turns<T> {

    /** Measures one thing once. */
    @FunctionalInterface
    interface Measurement<T> {
        Rate of(T measured) throws Exception;
    }

    private final Map<T, List<Rate>> rates = new LinkedHashMap<>();

    /** Measures some things in turn, so many times over. */
    static <T> Turns<T> measure(Collection<T> things, int repeats, Measurement<T> measurement) throws Exception {
        Turns<T> turns = new Turns<>();
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (T thing : things) {
                turns.add(thing, measurement.of(thing));
            }
        }
        return turns;
    }

    void add(T measured, Rate rate) {
        rates.computeIfAbsent(measured, ignored -> new ArrayList<>()).add(rate);
    }

    /** What was measured, in order. */
    Set<T> measured() {
        return rates.keySet();
    }

    /** The run of median speed. */
    Rate median(T measured) {
        List<Rate> all = rates.get(measured);
        return all.stream()
                .sorted(Comparator.comparingDouble(Rate::perSecond))
                .skip((all.size() - 1) / 2)
                .findFirst()
                .orElseThrow();
    }

    /** For each turn the figure of one thing over that of another, in ascending order. */
    List<Double> ratios(T upper, T lower, ToDoubleFunction<Rate> figure) {
        List<Rate> above = rates.get(upper);
        List<Rate> below = rates.get(lower);
        return IntStream.range(0, Math.min(above.size(), below.size()))
                .mapToObj(i -> figure.applyAsDouble(above.get(i)) / figure.applyAsDouble(below.get(i)))
                .sorted()
                .toList();
    }

    /** Median of {@link #ratios}. */
    double ratio(T upper, T lower, ToDoubleFunction<Rate> figure) {
        List<Double> ratios = ratios(upper, lower, figure);
        int half = ratios.size() / 2;
        return ratios.size() % 2 == 1 ? ratios.get(half) : (ratios.get(half - 1) + ratios.get(half)) / 2;
    }
}
