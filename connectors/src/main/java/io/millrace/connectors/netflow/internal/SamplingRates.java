package io.millrace.connectors.netflow.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sampling rates that an exporter's options announce, each for its scope alone (RFC 7011, 3.4.2.1). Of several that
 * hold for a flow the one of its sampler counts before those of other scopes, and those before the exporter's.
 */
final class SamplingRates {
    private static final int MAX_RATES = 4096;
    private static final int MAX_SHAPES = 16;
    private static final List<Integer> SAMPLER = List.of(Scope.SELECTOR);

    private final Map<Scope, Double> rates = new LinkedHashMap<>();
    /** How many samplers have a rate. */
    private final Map<Double, Integer> samplerRates = new HashMap<>();

    private final Map<Long, Long> selectors = new HashMap<>();
    private final Set<List<Integer>> shapes = new LinkedHashSet<>();

    /** Takes a rate for a scope, in place of what was announced for it before. */
    void announce(Scope scope, double rate) {
        List<Integer> elements = scope.elements();
        boolean room = rates.size() < MAX_RATES || rates.containsKey(scope);
        if (room && (shapes.size() < MAX_SHAPES || shapes.contains(elements))) {
            shapes.add(elements);
            Double former = rates.put(scope, rate);
            if (elements.equals(SAMPLER)) {
                samplerRates.merge(rate, 1, Integer::sum);
                if (former != null) {
                    samplerRates.computeIfPresent(former, (any, count) -> count == 1 ? null : count - 1);
                }
            }
        }
    }

    /** Whether nothing is announced. */
    boolean isEmpty() {
        return rates.isEmpty();
    }

    /** Notes the selector at the end of a selection sequence (RFC 5476, 6.5.1). */
    void sequence(long sequence, long selector) {
        if (selectors.size() < MAX_RATES || selectors.containsKey(sequence)) {
            selectors.put(sequence, selector);
        }
    }

    /** Rates and sequences held. */
    int size() {
        return rates.size() + selectors.size();
    }

    Map<Scope, Double> announced() {
        return rates;
    }

    /** The rate of a flow with these values, or {@link RateFields#UNKNOWN}. */
    double rate(ScopeValues flow) {
        Long selector = selector(flow);
        Double best = null;
        boolean bestNamesSampler = false;
        int bestParts = 0;
        for (List<Integer> shape : shapes) {
            boolean namesSampler = shape.contains(Scope.SELECTOR);
            boolean better = best == null
                    || namesSampler && !bestNamesSampler
                    || namesSampler == bestNamesSampler && shape.size() > bestParts;
            Double rate = better ? at(shape, flow, selector) : null;
            if (rate != null) {
                best = rate;
                bestNamesSampler = namesSampler;
                bestParts = shape.size();
            }
        }
        if (best == null && selector == null) {
            best = onlySampler();
        }
        return best == null ? RateFields.UNKNOWN : best;
    }

    private Double at(List<Integer> shape, ScopeValues flow, Long selector) {
        Map<Integer, Long> parts = new HashMap<>();
        for (int element : shape) {
            Long value = element == Scope.SELECTOR ? selector : flow.get(element);
            if (value == null) {
                return null;
            }
            parts.put(element, value);
        }
        return rates.get(new Scope(parts));
    }

    private Long selector(ScopeValues flow) {
        Long sequence = flow.get(Scope.SEQUENCE);
        Long ended = sequence == null ? null : selectors.get(sequence);
        return ended != null ? ended : flow.get(Scope.SELECTOR);
    }

    /** The rate that all samplers have, for flows that do not name theirs; null if they differ. */
    private Double onlySampler() {
        return samplerRates.size() == 1 ? samplerRates.keySet().iterator().next() : null;
    }
}
