package io.millrace.operators.alert;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class DistinctCounterTest {

    private static final int BITS = 2_048;

    private static long estimate(Iterable<Integer> hashes) {
        long[] bits = new long[DistinctCounter.WORDS];
        hashes.forEach(hash -> DistinctCounter.add(bits, hash));
        return DistinctCounter.estimate(bits);
    }

    private static List<Integer> distinct(int count, Random random) {
        Set<Integer> values = new HashSet<>();
        while (values.size() < count) {
            values.add(random.nextInt());
        }
        return new ArrayList<>(values);
    }

    /** Six standard errors of linear counting (Whang et al., 1990, section 3) and two for rounding. */
    private static double tolerance(int count) {
        double load = count / (double) BITS;
        return 6 * Math.sqrt(BITS * (Math.expm1(load) - load)) + 2;
    }

    @Example
    void takes256BytesAndStartsAtNone() {
        assertThat(DistinctCounter.WORDS * Long.BYTES).isEqualTo(256);
        assertThat(DistinctCounter.estimate(new long[DistinctCounter.WORDS])).isZero();
    }

    @Example
    void oneValueIsOneHoweverOftenItComes() {
        assertThat(estimate(Collections.nCopies(1_000, 443))).isEqualTo(1);
    }

    @Property(tries = 200)
    @Label("the estimate is within the error of linear counting")
    void estimatesDistinctValues(@ForAll @IntRange(min = 1, max = 6_000) int count, @ForAll long seed) {
        assertThat((double) estimate(distinct(count, new Random(seed)))).isCloseTo(count, within(tolerance(count)));
    }

    @Property(tries = 50)
    @Label("neither the order of values nor their repetition changes the estimate")
    void orderAndRepetitionDoNotMatter(@ForAll @IntRange(min = 1, max = 500) int count, @ForAll long seed) {
        Random random = new Random(seed);
        List<Integer> once = distinct(count, random);
        List<Integer> often = new ArrayList<>(once);
        for (int i = 0; i < 3 * count; i++) {
            often.add(once.get(random.nextInt(count)));
        }
        Collections.shuffle(often, random);
        assertThat(estimate(often)).isEqualTo(estimate(once));
    }

    @Property(tries = 20)
    @Label("an estimate never falls as values are added")
    void neverFalls(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        long[] bits = new long[DistinctCounter.WORDS];
        long before = 0;
        for (int hash : distinct(3_000, new Random(seed))) {
            DistinctCounter.add(bits, hash);
            long now = DistinctCounter.estimate(bits);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }

    @Example
    void theErrorIsAboutThreePercentUpToAFewThousandValues() {
        Random random = new Random(1);
        for (int count : new int[] {300, 1_000, 3_000, 5_000}) {
            double squares = 0;
            for (int set = 0; set < 100; set++) {
                double error = estimate(distinct(count, random)) / (double) count - 1;
                squares += error * error;
            }
            assertThat(Math.sqrt(squares / 100))
                    .as("root mean square error at %d", count)
                    .isLessThan(0.03);
        }
    }

    @Example
    void portsInARowAreToldApart() {
        for (int count : new int[] {10, 100, 1_000, 5_000}) {
            List<Integer> ports = new ArrayList<>();
            for (int port = 1; port <= count; port++) {
                ports.add(port);
            }
            assertThat((double) estimate(ports)).isCloseTo(count, within(tolerance(count)));
        }
    }

    @Example
    void addressesOfASubnetAreToldApart() {
        for (String form : new String[] {"10.0.%d.%d", "192.168.%d.%d", "2001:db8::%x:%x"}) {
            for (int subnets : new int[] {1, 4, 16}) {
                List<Integer> addresses = new ArrayList<>();
                for (int i = 0; i < subnets * 256; i++) {
                    addresses.add(String.format(form, i / 256, i % 256).hashCode());
                }
                assertThat((double) estimate(addresses))
                        .as("%d of %s", addresses.size(), form)
                        .isCloseTo(addresses.size(), within(tolerance(addresses.size())));
            }
        }
    }

    @Example
    void farBeyondItsRangeItSaysThatItIsFull() {
        List<Integer> everyPort = new ArrayList<>();
        for (int port = 0; port < 65_536; port++) {
            everyPort.add(port);
        }
        long full = estimate(everyPort);
        assertThat(full).as("2048 ln 2048").isEqualTo(15_615);
        assertThat(estimate(distinct(500_000, new Random(2)))).isEqualTo(full);
    }
}
