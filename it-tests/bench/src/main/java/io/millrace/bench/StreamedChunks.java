package io.millrace.bench;

import java.util.concurrent.locks.LockSupport;

import io.millrace.models.speech.SpeechChunk;
import io.millrace.operators.speech.AssembledSpeech;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/**
 * Chunks of all streams in turn, as fast as they are taken or at real time with starts spread over a chunk. When a chunk
 * was due, in nanoseconds, rides in the place of the stretch's time.
 */
final class StreamedChunks extends RichMapFunction<Long, AssembledSpeech> {

    private final SpeechWorkload workload;
    private final boolean realTime;
    private transient SpeechChunk[] pool;
    private transient long start;

    StreamedChunks(SpeechWorkload workload, boolean realTime) {
        this.workload = workload;
        this.realTime = realTime;
    }

    @Override
    public void open(OpenContext context) {
        pool = workload.chunks(workload.folder().config());
    }

    @Override
    public AssembledSpeech map(Long i) {
        int stream = (int) (i % workload.streams());
        long round = i / workload.streams();
        SpeechChunk chunk = pool[SpeechWorkload.chunk(stream, round)];
        AssembledSpeech speech = new AssembledSpeech();
        speech.streamId = Integer.toString(stream);
        speech.mel = chunk.mel();
        speech.frames = chunk.frames();
        speech.drop = chunk.drop();
        speech.lookAhead = chunk.lookAhead();
        speech.firstFrame = round * (chunk.lookAhead() + 1);
        speech.stretchStartTime = realTime ? awaited(i) : System.nanoTime();
        return speech;
    }

    private long awaited(long i) {
        if (start == 0) {
            start = System.nanoTime();
        }
        long due = start + (long) (i * workload.chunkMillis() * 1e6 / workload.streams());
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return due;
    }
}
