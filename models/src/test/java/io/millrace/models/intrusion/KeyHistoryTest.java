package io.millrace.models.intrusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
    void aSlowBeaconKeepsItsPlaceAmongManyPassingDestinations() {
        KeyHistory history = new KeyHistory();
        Random random = new Random(1);
        double[] beacon = null;
        for (int i = 0; i < 12; i++) {
            beacon = history.observe(flow("controller", 443, i * 1500 + random.nextInt(60), 500, true));
            for (int other = 0; other < 40; other++) {
                history.observe(
                        flow("site" + random.nextInt(2000), 443, i * 1500 + 100 + other * 30, other * 1000, true));
            }
        }

        assertThat(feature(beacon, "contact_flows")).isEqualTo(11);
        assertThat(feature(beacon, "contact_even_run")).isEqualTo(10);
        assertThat(feature(beacon, "contact_size_run")).isEqualTo(11);
        assertThat(feature(beacon, "contact_gap_spread")).isLessThan(0.1);
        assertThat(feature(beacon, "contact_out_spread")).isZero();
        assertThat(feature(beacon, "conversation_flows")).isZero();
    }

    @Test
    void irregularCallsShowSpreadOfTimeAndSize() {
        KeyHistory history = new KeyHistory();
        Random random = new Random(2);
        double time = 0;
        double[] last = null;
        for (int i = 0; i < 30; i++) {
            time += -Math.log(1 - random.nextDouble()) * 60;
            last = history.observe(flow("x", 443, time, Math.exp(5 + 3 * random.nextDouble()), true));
        }

        assertThat(feature(last, "contact_gap_spread")).isGreaterThan(0.5);
        assertThat(feature(last, "contact_out_spread")).isGreaterThan(0.3);
        assertThat(feature(last, "contact_even_run")).isLessThan(6);
    }

    @Test
    void anUploadShowsAgainstWhatTheHostUsuallySends() {
        KeyHistory history = new KeyHistory();
        for (int i = 0; i < 40; i++) {
            history.observe(flow("site" + i % 9, 443, i, 1000 + i, true));
        }
        double[] first = history.observe(new FlowContext("a", "receiver", 1, 443, 6, 50_000, 51_000, 1e7, 5e3, true));
        double[] second = history.observe(new FlowContext("a", "receiver", 1, 8443, 6, 52_000, 53_000, 1e7, 5e3, true));
        double[] third = history.observe(new FlowContext("a", "receiver", 1, 443, 6, 54_000, 55_000, 1e7, 5e3, true));

        assertThat(feature(first, "bytes_out_deviations")).isGreaterThan(10);
        assertThat(feature(first, "contact_flows")).isZero();
        assertThat(feature(first, "contact_known_before")).isEqualTo(50.01);
        assertThat(feature(first, "destination_sent_to_received")).isCloseTo(Math.log(2000), within(0.01));
        assertThat(feature(second, "contact_flows")).isZero();
        assertThat(feature(third, "contact_flows")).isEqualTo(1);
        assertThat(feature(third, "destination_sent")).isGreaterThan(1.9e7);
    }

    @Test
    void aHostKnownForDaysIsKnownLikeOneOfAQuarterOfAnHour() {
        KeyHistory history = new KeyHistory();
        history.observe(flow("x", 443, 0, 500, true));
        double[] late = history.observe(flow("y", 443, 86_400, 500, true));
        double[] again = history.observe(flow("y", 443, 86_460, 500, true));

        assertThat(feature(late, "contact_known_before")).isEqualTo(900);
        assertThat(feature(again, "contact_known_before")).isEqualTo(900);
    }

    @Test
    void aKeyWithFewFlowsIsShort() {
        KeyHistory history = new KeyHistory();
        for (int i = 0; i < 3; i++) {
            history.observe(flow("x" + i, 80, i, 100, true));
        }

        assertThat(history.toBytes()).hasSizeLessThan(400);
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
        assertThat(whole.toBytes())
                .hasSizeLessThanOrEqualTo(KeyHistory.MOST_BYTES)
                .isEqualTo(parted.toBytes());
    }

    @Test
    void bytesOfSomethingElseAreRefused() {
        assertThatThrownBy(() -> KeyHistory.fromBytes(new byte[KeyHistory.MOST_BYTES]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyHistory.fromBytes(new byte[3])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyHistory.fromBytes(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHistoryCutShortOrWithMoreBehindItIsRefused() {
        KeyHistory history = new KeyHistory();
        history.observe(flow("x", 80, 1, 100, true));
        byte[] stored = history.toBytes();

        assertThatThrownBy(() -> KeyHistory.fromBytes(Arrays.copyOf(stored, stored.length - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a key history of format");
        assertThatThrownBy(() -> KeyHistory.fromBytes(Arrays.copyOf(stored, stored.length + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
