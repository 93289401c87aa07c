package io.millrace.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Processor time by thread since this was made: tells the critical path even where others use the machine as well. */
final class ThreadCpu {

    private static final double LEAST_SHARE = 0.02;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<Long, Long> before = new HashMap<>();

    ThreadCpu() {
        for (long id : threads.getAllThreadIds()) {
            before.put(id, threads.getThreadCpuTime(id));
        }
    }

    /** Microseconds of processor time a record, busiest thread first; threads that hardly run are left out. */
    Map<String, Double> microsPerRecord(double records) {
        Map<String, Double> used = new HashMap<>();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            long now = threads.getThreadCpuTime(id);
            if (info != null && now > 0) {
                used.merge(info.getThreadName(), (now - before.getOrDefault(id, 0L)) / 1e3 / records, Double::sum);
            }
        }
        double all = used.values().stream().mapToDouble(Double::doubleValue).sum();
        Map<String, Double> busiest = new LinkedHashMap<>();
        used.entrySet().stream()
                .filter(thread -> thread.getValue() > LEAST_SHARE * all)
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .forEach(thread -> busiest.put(thread.getKey(), thread.getValue()));
        return busiest;
    }
}
