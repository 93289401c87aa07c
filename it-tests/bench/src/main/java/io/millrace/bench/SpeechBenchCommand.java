package io.millrace.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how many audio streams this build hears at a time on this machine. */
@Command(
        name = "speech",
        description = "Compares the speech stage with the same network without Flink, without batches and with the"
                + " reference's caches, and looks for the most streams at real time. One core hears.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace bench speech --quick --json"})
public final class SpeechBenchCommand extends Bench {

    enum Part {
        COMPARE,
        REAL_TIME,
        CHECKPOINT,
        FLOOR
    }

    @Option(
            names = "--streams",
            paramLabel = "N",
            description = "Streams of the comparison (default: ${DEFAULT-VALUE}).")
    private int streams = 200;

    @Option(
            names = "--lookahead",
            split = ",",
            paramLabel = "FRAMES",
            description = "Look-aheads, in encoder frames of 80 ms (default: 0,1,6,13).")
    private List<Integer> lookAheads = List.of(0, 1, 6, 13);

    @Option(names = "--model", paramLabel = "DIR", description = "Model directory (default: the shipped model).")
    private Path model;

    @Option(names = "--audio", paramLabel = "FILE", description = "Recording that is heard (default: noise).")
    private Path audio;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Seconds of a measurement (default: ${DEFAULT-VALUE}).")
    private double seconds = 4;

    @Option(names = "--repeats", paramLabel = "N", description = "Turns of the comparison (default: ${DEFAULT-VALUE}).")
    private int repeats = 3;

    @Option(
            names = "--checkpoint-streams",
            paramLabel = "N",
            description = "Streams of a checkpoint (default: ${DEFAULT-VALUE}).")
    private int checkpointStreams = 500;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Parts to run: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<Part> only = EnumSet.allOf(Part.class);

    @Option(names = "--quick", description = "Small and short: to see that it works, not to quote.")
    private boolean quick;

    @Override
    protected Map<String, Object> measure() throws Exception {
        require(
                streams > 0 && repeats > 0 && seconds > 0 && checkpointStreams > 0,
                "--streams, --repeats, --seconds and --checkpoint-streams must be positive");
        if (quick) {
            streams = Math.min(streams, 8);
            checkpointStreams = Math.min(checkpointStreams, 8);
            lookAheads = lookAheads.subList(0, 1);
            seconds = Math.min(seconds, 0.5);
            repeats = 1;
        }
        return report();
    }

    private SpeechWorkload workload(int lookAhead, int count) {
        return new SpeechWorkload(
                count, lookAhead, model == null ? null : model.toString(), audio == null ? null : audio.toString(), 7);
    }

    private Map<String, Object> report() throws Exception {
        BenchReport machine = new BenchReport();
        machine.machine();
        Map<String, Object> report = new LinkedHashMap<>(machine.asMap());
        SpeechModel folder = workload(lookAheads.get(0), 1).folder();
        report.put("model", folder.card().id().toString());
        report.put("weights", folder.config().parameterCount());
        report.put("streams", streams);
        try (FastConformerModel network = new FastConformerModel(folder, ai.djl.Device.cpu())) {
            report.put("state_bytes_per_stream", network.stateSpec().bytesPerKey());
        }
        MachineFloor floor = only.contains(Part.FLOOR) ? MachineFloor.measure() : null;
        Map<String, Object> all = new LinkedHashMap<>();
        report.put("look_aheads", all);
        try (BenchCluster cluster = new BenchCluster()) {
            SpeechBench bench = new SpeechBench(cluster, seconds, this::progress);
            for (int lookAhead : lookAheads) {
                Map<String, Object> figures = new LinkedHashMap<>();
                all.put(Integer.toString(lookAhead), figures);
                SpeechWorkload workload = workload(lookAhead, streams);
                Turns<SpeechVariant> turns = bench.compare(
                        workload,
                        only.contains(Part.COMPARE)
                                ? EnumSet.allOf(SpeechVariant.class)
                                : EnumSet.of(SpeechVariant.OPERATOR),
                        repeats);
                BenchReport.compare(
                        figures,
                        figures,
                        turns,
                        variant -> Map.of(
                                "streams_at_real_time",
                                BenchReport.round(turns.median(variant).perSecond() * workload.chunkMillis() / 1000)));
                if (only.contains(Part.REAL_TIME)) {
                    double perCore = turns.median(SpeechVariant.OPERATOR).perSecond() * workload.chunkMillis() / 1000;
                    figures.put("real_time", bench.concurrency(workload, Math.max(1, (int) perCore)));
                }
                if (floor != null) {
                    figures.put("floor", floor(floor, folder, workload));
                }
            }
            if (only.contains(Part.CHECKPOINT)) {
                int last = lookAheads.get(lookAheads.size() - 1);
                report.put("checkpoint", bench.checkpoint(workload(last, checkpointStreams), Math.max(3, repeats)));
            }
        }
        return report;
    }

    private static Map<String, Object> floor(MachineFloor floor, SpeechModel folder, SpeechWorkload workload) {
        // A chunk reads the ring of its stream once; the weights are shared by the batch.
        double bytes = 4.0 * 70 * 2 * folder.config().layers() * folder.config().width();
        double operations = workload.operationsPerChunk(folder.config());
        double chunk = floor.secondsPerRecord(operations, bytes);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("matmul_gflops_one_core", BenchReport.round(floor.operationsPerSecond() / 1e9));
        figures.put("copy_gb_per_second_one_core", BenchReport.round(floor.bytesPerSecond() / 1e9));
        figures.put("operations_per_chunk", operations);
        figures.put("state_bytes_read_per_chunk", bytes);
        figures.put("streams_at_real_time", BenchReport.round(workload.chunkMillis() / 1000 / chunk));
        return figures;
    }
}
