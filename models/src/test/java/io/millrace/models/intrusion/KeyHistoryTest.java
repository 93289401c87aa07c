package io.millrace.models.intrusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KeyHistoryTest {

    private static FlowContext flow(String peer, int port, double seconds, double bytes, boolean answered) {
        return new FlowContext("a", peer, 40_000, port, 6, seconds * 1000 - 10, seconds * 1000, bytes, bytes, answered);
    }

    private static double feature(double[] values, String name) {
        return values[KeyHistory.FEATURES.indexOf("history." + name)];
    }

    @Test
    void theFirstFlowHasNoPrevious() {
        double[] first = new KeyHistory().observe(flow("x", 80, 1, 100, true));

        assertThat(first).hasSize(KeyHistory.FEATURES.size());
        assertThat(feature(first, "seconds_since_previous")).isNaN();
        assertThat(feature(first, "flows")).isZero();
        assertThat(feature(first, "conversation_flows")).isZero();
    }

    @Test
    void aVerticalScanShowsManyPortsOfOneDestinationUnanswered() {
        KeyHistory history = new KeyHistory();
        double[] last = null;
        for (int port = 1; port <= 20; port++) {
            last = history.observe(flow("x", port, port * 0.1, 40, false));
        }

        assertThat(feature(last, "distinct_ports")).isEqualTo(20);
        assertThat(feature(last, "distinct_destinations")).isEqualTo(1);
        assertThat(feature(last, "unanswered_share")).isEqualTo(1);
        assertThat(feature(last, "unanswered_run")).isEqualTo(19);
        assertThat(feature(last, "port_step")).isEqualTo(1);
        assertThat(feature(last, "same_destination")).isEqualTo(1);
    }

    @Test
    void aBeaconShowsEvenGapsAndEqualBytes() {
        KeyHistory history = new KeyHistory();
        double[] last = null;
        for (int i = 0; i < 10; i++) {
            last = history.observe(flow("x", 443, i * 60, 500, true));
        }

        assertThat(feature(last, "conversation_gap")).isEqualTo(60);
        assertThat(feature(last, "conversation_gap_change")).isZero();
        assertThat(feature(last, "same_bytes_share")).isEqualTo(1);
        assertThat(feature(last, "conversation_seconds")).isEqualTo(540);
    }

    @Test
    void aConversationSilentForLongStartsAnew() {
        KeyHistory history = new KeyHistory();
        history.observe(flow("x", 443, 0, 500, true));
        double[] later = history.observe(flow("x", 443, 3600, 500, true));

        assertThat(feature(later, "conversation_seconds")).isZero();
        assertThat(feature(later, "seconds_since_previous")).isEqualTo(3600);
    }

    @Test
    void addressesOnlyMatterAsEqualOrNot() {
        KeyHistory one = new KeyHistory();
        KeyHistory other = new KeyHistory();
        for (int i = 0; i < 50; i++) {
            double[] a = one.observe(flow("host" + i % 7, 80, i, i, true));
            double[] b = other.observe(flow("10.0.0." + i % 7, 80, i, i, true));
            assertThat(a).isEqualTo(b);
        }
    }

    @Property(tries = 50)
    void restoringAnywhereGivesTheSameFeatures(@ForAll long seed, @ForAll @IntRange(min = 0, max = 120) int cut) {
        Random random = new Random(seed);
        List<FlowContext> flows = new ArrayList<>();
        double time = 0;
        for (int i = 0; i < 120; i++) {
            time += random.nextInt(5) == 0 ? random.nextDouble() * 1000 : random.nextDouble();
            flows.add(new FlowContext(
                    "a",
                    "peer" + random.nextInt(30),
                    random.nextInt(65_536),
                    random.nextInt(40),
                    random.nextBoolean() ? 6 : 17,
                    time * 1000 - random.nextInt(2000),
                    time * 1000,
                    random.nextInt(100_000),
                    random.nextInt(100),
                    random.nextBoolean()));
        }
        KeyHistory whole = new KeyHistory();
        KeyHistory parted = new KeyHistory();
        for (int i = 0; i < flows.size(); i++) {
            if (i == cut) {
                parted = KeyHistory.fromBytes(parted.toBytes());
            }
            assertThat(parted.observe(flows.get(i))).isEqualTo(whole.observe(flows.get(i)));
        }
        assertThat(whole.toBytes()).hasSize(KeyHistory.SIZE).isEqualTo(parted.toBytes());
    }

    @Test
    void bytesOfSomethingElseAreRefused() {
        assertThatThrownBy(() -> KeyHistory.fromBytes(new byte[KeyHistory.SIZE]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyHistory.fromBytes(new byte[3])).isInstanceOf(IllegalArgumentException.class);
    }
}
