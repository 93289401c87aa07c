package io.millrace.operators.intrusion;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.millrace.operators.alert.AlertPolicy;
import io.millrace.schemas.Alert;
import io.millrace.schemas.Detection;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;

import static org.assertj.core.api.Assertions.assertThat;

class AlertCorrelatorPropertyTest {

    /** Gaps, in seconds, around the bounds at which an alert opens or closes. */
    private static final double[] GAPS = {0, 0, 0.001, 1, 3, 9.999, 10, 10.001, 29.999, 30, 30.001, 31, 75};

    @Property(tries = 25)
    @Label("however watermarks and restores cut the stream, each entity gets the alerts that its event times say")
    void alertsDependOnEventTimesAlone(
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
            @ForAll @IntRange(min = 1, max = 4) int openAfter,
            @ForAll @IntRange(min = 1, max = 3) int hosts,
            @ForAll boolean closesSoonerThanItOpens)
            throws Exception {
        AlertPolicy policy = new AlertPolicy(
                openAfter,
                Duration.ofSeconds(closesSoonerThanItOpens ? 30 : 10),
                Duration.ofSeconds(closesSoonerThanItOpens ? 10 : 30));
        Random random = new Random(seed);
        List<Detection> detections = new ArrayList<>();
        double second = 0;
        for (int i = 0; i < 60; i++) {
            second += GAPS[random.nextInt(GAPS.length)] / hosts;
            detections.add(SampleDetections.scan("host-" + random.nextInt(hosts), second, Integer.toString(i)));
        }
        Map<String, List<String>> expected = new TreeMap<>();
        detections.forEach(detection -> expected.computeIfAbsent(detection.getKey(), host -> {
            List<Long> times = detections.stream()
                    .filter(each -> each.getKey().equals(host))
                    .map(each -> each.getEventTime().toEpochMilli())
                    .toList();
            return story(times, policy);
        }));

        List<Alert> alerts = run(detections, policy, random);

        Map<String, List<String>> stories = new TreeMap<>();
        expected.keySet().forEach(host -> stories.put(host, new ArrayList<>()));
        alerts.forEach(alert ->
                stories.get(alert.getEntity()).add(line(alert.getStatus().name(), alert.getCount(), millis(alert))));
        assertThat(stories).isEqualTo(expected);
        assertThat(withoutOrderAcrossHosts(alerts))
                .as("the whole content of the revisions")
                .isEqualTo(withoutOrderAcrossHosts(run(detections, policy, null)));
    }

    /** The alerts of one host, told from the policy's words. */
    private static List<String> story(List<Long> times, AlertPolicy policy) {
        List<String> story = new ArrayList<>();
        int first = 0;
        int next = 0;
        while (next < times.size()) {
            while (times.get(next) - times.get(first) > policy.within().toMillis()) {
                first++;
            }
            if (next - first + 1 < policy.openAfter()) {
                next++;
                continue;
            }
            long count = next - first + 1;
            story.add(line("OPEN", count, new long[] {times.get(first), times.get(next)}));
            while (next + 1 < times.size()
                    && times.get(next + 1) - times.get(next)
                            <= policy.closeAfter().toMillis()) {
                next++;
                count++;
                if (count == 10) {
                    story.add(line("UPDATED", count, new long[] {times.get(first), times.get(next)}));
                }
            }
            story.add(line("CLOSED", count, new long[] {times.get(first), times.get(next)}));
            next++;
            first = next;
        }
        return story;
    }

    private static String line(String status, long count, long[] firstAndLast) {
        return status + " " + count + " " + firstAndLast[0] + "-" + firstAndLast[1];
    }

    private static long[] millis(Alert alert) {
        return new long[] {
            alert.getWindowStart().toEpochMilli(), alert.getWindowEnd().toEpochMilli()
        };
    }

    private static Map<String, List<String>> withoutOrderAcrossHosts(List<Alert> alerts) {
        Map<String, List<String>> byHost = new TreeMap<>();
        alerts.forEach(alert -> byHost.computeIfAbsent(alert.getEntity(), host -> new ArrayList<>())
                .add(alert.toString()));
        return byHost;
    }

    /** Runs with watermarks and restores at random places; with neither before the end where {@code cuts} is null. */
    private static List<Alert> run(List<Detection> detections, AlertPolicy policy, Random cuts) throws Exception {
        List<Alert> alerts = new ArrayList<>();
        AlertHarness harness = AlertHarness.open(policy);
        try {
            long watermark = Long.MIN_VALUE;
            for (Detection detection : detections) {
                long time = detection.getEventTime().toEpochMilli();
                if (cuts != null && cuts.nextInt(3) == 0) {
                    long latest = time - 1;
                    long passed = cuts.nextBoolean() ? latest : latest - cuts.nextInt(60_000);
                    if (passed > watermark) {
                        watermark = passed;
                        harness.processWatermark(watermark);
                    }
                }
                if (cuts != null && cuts.nextInt(10) == 0) {
                    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
                    alerts.addAll(harness.alerts());
                    harness.close();
                    harness = AlertHarness.open(policy, snapshot);
                }
                harness.send(detection);
            }
            harness.processWatermark(Watermark.MAX_WATERMARK);
            alerts.addAll(harness.alerts());
            assertThat(harness.numKeyedStateEntries()).isZero();
            return alerts;
        } finally {
            harness.close();
        }
    }
}
