package io.millrace.simulators.random;

/**
 * Seeded random numbers (SplitMix64) with the distributions of traffic models. Transcendental functions come from
 * {@link StrictMath}, so a seed gives the same numbers on every machine.
 */
public final class SeededRandom {
    private long state;
    private double spareGaussian = Double.NaN;

    public SeededRandom(long seed) {
        state = seed;
        nextLong();
    }

    /** Returns an independent generator, seeded from this one. */
    public SeededRandom fork() {
        return new SeededRandom(nextLong());
    }

    public long nextLong() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns a number in [0, 1). */
    public double uniform() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Returns a number in [low, high). */
    public double uniform(double low, double high) {
        return low + (high - low) * uniform();
    }

    /** Returns an integer in [0, bound). */
    public int below(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** Returns an integer in [low, high], both included. */
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    public boolean chance(double probability) {
        return uniform() < probability;
    }

    /** Returns an exponential number with the given mean. */
    public double exponential(double mean) {
        return -mean * StrictMath.log(1 - uniform());
    }

    /** Returns a standard normal number (polar method). */
    public double gaussian() {
        if (!Double.isNaN(spareGaussian)) {
            double spare = spareGaussian;
            spareGaussian = Double.NaN;
            return spare;
        }
        double u;
        double v;
        double square;
        do {
            u = 2 * uniform() - 1;
            v = 2 * uniform() - 1;
            square = u * u + v * v;
        } while (square >= 1 || square == 0);
        double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
        spareGaussian = v * factor;
        return u * factor;
    }

    /** Returns a log-normal number with the given median; sigma is that of the logarithm. */
    public double logNormal(double median, double sigma) {
        return median * StrictMath.exp(sigma * gaussian());
    }

    /** Returns a number whose logarithm is uniform between those of the bounds. */
    public double logUniform(double low, double high) {
        return low * StrictMath.exp(uniform() * StrictMath.log(high / low));
    }

    /** Returns a Pareto number of at least {@code scale}, cut at {@code cap}. */
    public double pareto(double scale, double shape, double cap) {
        return Math.min(cap, scale * StrictMath.pow(1 - uniform(), -1 / shape));
    }

    /** Returns an index in [0, bound) that favours small ones, close to Zipf with exponent 1. */
    public int zipf(int bound) {
        int index = (int) (StrictMath.exp(uniform() * StrictMath.log(bound + 1.0)) - 1);
        return Math.min(index, bound - 1);
    }

    @SafeVarargs
    public final <T> T pick(T... choices) {
        return choices[below(choices.length)];
    }

    public int pick(int[] choices) {
        return choices[below(choices.length)];
    }
}
