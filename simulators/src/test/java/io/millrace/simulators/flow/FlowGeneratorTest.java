package io.millrace.simulators.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class FlowGeneratorTest {
    @ParameterizedTest
    @EnumSource(ExporterMode.class)
    void theSameScenarioGivesTheSameBytes(ExporterMode exporter) {
        FlowScenario scenario = scenario().exporter(exporter).limit(20_000).build();

        assertThat(digest(scenario)).isEqualTo(digest(scenario));
    }

    @Test
    void anotherSeedGivesAnotherStream() {
        assertThat(digest(scenario().limit(500).seed(1).build()))
                .isNotEqualTo(digest(scenario().limit(500).seed(2).build()));
    }

    @Test
    void aLongerStreamBeginsLikeAShorterOne() {
        List<FlowRecord> shorter = flows(scenario().limit(300).build());
        List<FlowRecord> longer = flows(scenario().limit(1000).build());

        assertThat(longer.subList(0, 300)).isEqualTo(shorter);
    }

    @Test
    void stopsAtTheNumberOfRecords() {
        FlowGenerator generator = new FlowGenerator(scenario().limit(3).build());

        assertThat(generator).toIterable().hasSize(3);
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void stopsAtTheDurationAndKeepsTheRate() {
        FlowScenario scenario =
                scenario().flowsPerSecond(200).duration(Duration.ofMinutes(5)).build();

        List<FlowRecord> flows = flows(scenario);

        assertThat((double) flows.size()).isCloseTo(60_000, within(60_000 * 0.03));
        assertThat(flows.get(flows.size() - 1).getEndTime())
                .isBefore(scenario.startTime().plusSeconds(300));
    }

    @ParameterizedTest
    @EnumSource(ExporterMode.class)
    void comesInOrderOfEventTimeUpToTheDisorder(ExporterMode exporter) {
        FlowScenario scenario = scenario()
                .exporter(exporter)
                .disorder(Duration.ofMillis(700))
                .limit(20_000)
                .build();

        long latest = 0;
        long worst = 0;
        for (FlowRecord flow : flows(scenario)) {
            long end = flow.getEndTime().toEpochMilli();
            boolean single = flow.getPacketsOut() != null && flow.getPacketsOut() == 1;
            if (exporter == ExporterMode.BIFLOW || !single) {
                worst = Math.max(worst, latest - end);
                latest = Math.max(latest, end);
            }
        }
        assertThat(worst).isBetween(1L, 701L);
    }

    @Test
    void attacksHaveTheirShareAndEveryKindItsLabel() {
        Map<String, Integer> counts = new HashMap<>();
        List<FlowRecord> flows = flows(scenario()
                .flowsPerSecond(500)
                .attackShare(0.04)
                .duration(Duration.ofMinutes(10))
                .build());
        flows.forEach(flow -> counts.merge(flow.getLabel(), 1, Integer::sum));

        assertThat(counts)
                .containsOnlyKeys("benign", "scan", "brute-force", "denial-of-service", "exfiltration", "beaconing");
        double attacks = 1 - counts.get("benign") / (double) flows.size();
        assertThat(attacks).isCloseTo(0.04, within(0.012));
        assertThat(counts.values()).allMatch(count -> count > 300);
    }

    @Test
    void onlyTheChosenKindsOccur() {
        Set<String> labels = new HashSet<>();
        flows(scenario().attacks(EnumSet.of(AttackKind.SCAN)).limit(20_000).build())
                .forEach(flow -> labels.add(flow.getLabel()));
        assertThat(labels).containsExactlyInAnyOrder("benign", "scan");

        labels.clear();
        flows(scenario().attacks(Set.of()).limit(20_000).build()).forEach(flow -> labels.add(flow.getLabel()));
        assertThat(labels).containsExactly("benign");
    }

    @Test
    void identifiersAreUnique() {
        List<FlowRecord> flows =
                flows(scenario().exporter(ExporterMode.MIXED).limit(50_000).build());

        assertThat(flows.stream().map(FlowRecord::getFlowId).distinct()).hasSize(50_000);
    }

    @Test
    void memoryStaysBoundedOverAMillionFlows() {
        FlowGenerator generator = new FlowGenerator(
                scenario().flowsPerSecond(20_000).hosts(2000).limit(1_000_000).build());
        int most = 0;
        int atHalf = 0;
        for (int i = 0; generator.hasNext(); i++) {
            generator.next();
            most = Math.max(most, generator.flowsUnderWay());
            atHalf = i == 500_000 ? most : atHalf;
        }
        assertThat(most).isLessThan(700_000);
        assertThat(most).isLessThan((int) (atHalf * 1.7));
    }

    @Test
    void attackersInsideTheNetworkAlsoWork() {
        Map<String, Set<String>> labelsBySource = new HashMap<>();
        flows(scenario()
                        .flowsPerSecond(300)
                        .hosts(200)
                        .duration(Duration.ofMinutes(5))
                        .build())
                .forEach(flow -> labelsBySource
                        .computeIfAbsent(flow.getSourceAddress(), source -> new HashSet<>())
                        .add(flow.getLabel()));

        assertThat(labelsBySource.values().stream().filter(labels -> labels.contains("benign") && labels.size() > 1))
                .hasSizeGreaterThan(5);
    }

    static FlowScenario.Builder scenario() {
        return FlowScenario.builder().seed(11).flowsPerSecond(400).hosts(300);
    }

    static List<FlowRecord> flows(FlowScenario scenario) {
        List<FlowRecord> flows = new ArrayList<>();
        new FlowGenerator(scenario).forEachRemaining(flows::add);
        return flows;
    }

    private static String digest(FlowScenario scenario) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (FlowRecord flow : flows(scenario)) {
                ByteBuffer bytes = flow.toByteBuffer();
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
