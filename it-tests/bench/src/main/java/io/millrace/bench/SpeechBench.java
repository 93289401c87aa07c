package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.operators.inference.InferenceSettings;
import io.millrace.operators.inference.KeyedInferenceOperatorFactory;
import io.millrace.operators.speech.AssembledSpeech;
import io.millrace.operators.speech.HeardSpeech;
import io.millrace.operators.speech.SpeechContract;
import io.millrace.operators.speech.SpeechMapping;
import io.millrace.operators.speech.SpeechModelLoader;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.ModelRelease;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.OutputTag;

/** Audio streams through the operator, and through the same network without it. */
final class SpeechBench {

    /** A network that takes a chunk of each of some streams at a time. */
    interface Stepper extends AutoCloseable {

        /** Takes a step; chunks heard. */
        int step();

        @Override
        void close();
    }

    private static final double LATE_SHARE = 0.001;
    private static final int SEARCHES = 8;
    private static final double SMALLER = 0.88;

    private final BenchCluster cluster;
    private final double seconds;
    private final Consumer<String> progress;

    /** {@code seconds}: how long each measurement takes; half as long before it to warm up. */
    SpeechBench(BenchCluster cluster, double seconds, Consumer<String> progress) {
        this.cluster = cluster;
        this.seconds = seconds;
        this.progress = progress;
    }

    /** The variants in turn. */
    Turns<SpeechVariant> compare(SpeechWorkload workload, Set<SpeechVariant> variants, int repeats) throws Exception {
        return Turns.measure(variants, repeats, variant -> {
            Rate rate =
                    switch (variant) {
                        case OPERATOR -> saturated(workload);
                        case RAW -> stepped(new RawStreams(workload, workload.streams()));
                        case SINGLE -> stepped(new RawStreams(workload, 1));
                        case REPROJECTED -> stepped(new ReprojectedStreams(workload, workload.streams()));
                    };
            progress.accept(String.format(
                    "(%s) %d streams, look-ahead %d: %,.0f chunks/s, %.0f streams at real time",
                    variant.letter(),
                    workload.streams(),
                    workload.lookAhead(),
                    rate.perSecond(),
                    rate.perSecond() * workload.chunkMillis() / 1000));
            return rate;
        });
    }

    private Rate stepped(Stepper stepper) {
        try (stepper) {
            long measureFrom = System.nanoTime() + (long) (seconds / 2 * 1e9);
            while (System.nanoTime() < measureFrom) {
                stepper.step();
            }
            LatencyRecorder latency = new LatencyRecorder();
            ThreadCpu cpu = new ThreadCpu();
            long start = System.nanoTime();
            long now = start;
            long chunks = 0;
            while (now - start < seconds * 1e9) {
                int heard = stepper.step();
                long after = System.nanoTime();
                latency.record(after - now, heard);
                now = after;
                chunks += heard;
            }
            return new Rate(
                    chunks / ((now - start) / 1e9),
                    latency.p50Millis(),
                    latency.p99Millis(),
                    cpu.microsPerRecord(chunks));
        }
    }

    private Rate saturated(SpeechWorkload workload) throws Exception {
        BenchCluster.Running job = start(workload, false);
        try {
            cluster.awaitRecords(job, 4L * workload.streams());
            pause(seconds / 2);
            ThreadCpu cpu = new ThreadCpu();
            job.probe().restart();
            pause(seconds);
            OutputProbe.Reading reading = job.probe().restart();
            return new Rate(
                    reading.perSecond(),
                    reading.p50Millis(),
                    reading.p99Millis(),
                    cpu.microsPerRecord(reading.records()));
        } finally {
            cluster.cancel(job);
        }
    }

    /**
     * Streams at real time of which at most one chunk in a thousand waits longer than a chunk.
     *
     * @param late share of the chunks that were late
     */
    record Concurrency(int streams, double p50Millis, double p95Millis, double late, List<Integer> tooMany) {}

    /** Looks for the most streams, from a number that is surely too many downwards. */
    Concurrency concurrency(SpeechWorkload workload, int tooMany) throws Exception {
        int streams = tooMany;
        List<Integer> failed = new ArrayList<>();
        for (int search = 0; search < SEARCHES && streams > 0; search++) {
            OutputProbe.Reading reading = realTime(workload.with(streams));
            double late = reading.latency().shareAbove(workload.chunkMillis());
            progress.accept(String.format(
                    "%d streams at real time, look-ahead %d: %.2f %% late, p95 %.0f ms",
                    streams, workload.lookAhead(), 100 * late, reading.latency().p95Millis()));
            if (late <= LATE_SHARE) {
                return new Concurrency(
                        streams, reading.p50Millis(), reading.latency().p95Millis(), late, failed);
            }
            failed.add(streams);
            streams = (int) (streams * SMALLER);
        }
        return new Concurrency(0, 0, 0, 1, failed);
    }

    private OutputProbe.Reading realTime(SpeechWorkload workload) throws Exception {
        BenchCluster.Running job = start(workload, true);
        try {
            cluster.awaitRecords(job, 2L * workload.streams());
            pause(seconds);
            job.probe().restart();
            pause(2 * seconds);
            return job.probe().restart();
        } finally {
            cluster.cancel(job);
        }
    }

    /** A checkpoint of streams at real time: duration in milliseconds and bytes, median of several. */
    record Checkpoint(int streams, double millis, double bytes) {}

    /** Takes checkpoints while streams are heard. */
    Checkpoint checkpoint(SpeechWorkload workload, int repeats) throws Exception {
        BenchCluster.Running job = start(workload, true);
        try {
            cluster.awaitRecords(job, 2L * workload.streams());
            // The source of releases has nothing to say and ends: a checkpoint that meets its end fails.
            pause(2);
            List<AbstractCheckpointStats> taken = new ArrayList<>();
            for (int i = 0; i < repeats; i++) {
                pause(seconds / 2);
                taken.add(cluster.checkpoint(job));
            }
            double millis = median(taken.stream()
                    .mapToDouble(AbstractCheckpointStats::getEndToEndDuration)
                    .toArray());
            double bytes = median(taken.stream()
                    .mapToDouble(AbstractCheckpointStats::getCheckpointedSize)
                    .toArray());
            progress.accept(
                    String.format("checkpoint of %d streams: %.0f ms, %,.0f bytes", workload.streams(), millis, bytes));
            return new Checkpoint(workload.streams(), millis, bytes);
        } finally {
            cluster.cancel(job);
        }
    }

    private static double median(double[] values) {
        java.util.Arrays.sort(values);
        return values[(values.length - 1) / 2];
    }

    private BenchCluster.Running start(SpeechWorkload workload, boolean realTime) throws Exception {
        return cluster.start((environment, probe) -> build(environment, probe, workload, realTime));
    }

    private static void build(
            StreamExecutionEnvironment environment, OutputProbe probe, SpeechWorkload workload, boolean realTime) {
        SpeechModel folder = workload.folder();
        int batch = realTime ? Math.max(8, workload.streams() / 4) : workload.streams();
        InferenceSettings settings = InferenceSettings.builder("speech-bench")
                .optMaxBatch(batch)
                .optMaxWait(java.time.Duration.ofMillis(5))
                .optCapacity(4 * workload.streams() + 16)
                .optSlots(2 * workload.streams() + 16)
                .optStateTtl(java.time.Duration.ZERO)
                .optDevice("cpu")
                .build();
        DataStream<ModelRelease> releases = environment
                .fromSequence(0, 0)
                .<ModelRelease>flatMap((ignored, out) -> {})
                .returns(new AvroTypeInfo<>(ModelRelease.class))
                .broadcast();
        environment
                .fromSequence(0, Long.MAX_VALUE - 1)
                .map(new StreamedChunks(workload, realTime))
                .returns(TypeInformation.of(AssembledSpeech.class))
                .keyBy(AssembledSpeech::key, Types.STRING)
                .connect(releases)
                .transform(
                        "hear",
                        TypeInformation.of(HeardSpeech.class),
                        new KeyedInferenceOperatorFactory<
                                String, AssembledSpeech, SpeechChunk, SpeechFrames, HeardSpeech>(
                                settings,
                                workload.reference(),
                                new SpeechModelLoader(
                                        SpeechContract.of(folder),
                                        Search.greedy(UtteranceDecoder.Head.RNNT),
                                        CachePrecision.FLOAT32),
                                new SpeechMapping(FeatureDraw.NONE),
                                new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class)),
                                TypeInformation.of(AssembledSpeech.class).createSerializer(new SerializerConfigImpl())))
                .map(new HeardProbe(probe.number()))
                .returns(TypeInformation.of(HeardSpeech.class))
                .sinkTo(new DiscardingSink<>());
    }

    private static void pause(double seconds) throws InterruptedException {
        TimeUnit.MICROSECONDS.sleep((long) (seconds * 1e6));
    }
}
