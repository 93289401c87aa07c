package io.millrace.simulators.speech.stream.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.LostAudio;
import io.millrace.schemas.SpeechTruth;
import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.stream.AudioScenario;
import io.millrace.simulators.speech.stream.Delivery;

/** The way of one channel's chunks to the receiver: some are lost, some come twice, all are late, so that order suffers. */
final class ChannelLine {
    /** The mean delay is this part of the longest. */
    private static final double MEAN_DELAY = 0.25;

    private final AudioScenario.Line line;
    private final SeededRandom random;
    private final List<LostAudio> lost = new ArrayList<>();
    private final List<Long> duplicated = new ArrayList<>();

    ChannelLine(AudioScenario.Line line, SeededRandom random) {
        this.line = line;
        this.random = random;
    }

    /**
     * Sends a chunk.
     *
     * @param count its samples
     * @param readyMillis when its last sample was taken
     */
    void send(AudioChunk chunk, int count, long readyMillis, Consumer<Delivery> to) {
        // Always as many random numbers a chunk, so that a change of the loss does not change the delays.
        boolean loses = random.chance(line.loss());
        boolean repeats = random.chance(line.duplicates());
        long delay = delay();
        long secondDelay = delay();
        if (loses && !chunk.getEndOfStream()) {
            lost.add(new LostAudio(chunk.getSequence(), chunk.getSampleOffset(), count));
            return;
        }
        to.accept(new Delivery(readyMillis + delay, chunk, null));
        if (repeats) {
            duplicated.add(chunk.getSequence());
            to.accept(new Delivery(readyMillis + secondDelay, chunk, null));
        }
    }

    private long delay() {
        double longest = line.jitter().toMillis();
        return (long) Math.min(longest, random.exponential(1) * MEAN_DELAY * longest);
    }

    int lost() {
        return lost.size();
    }

    int duplicated() {
        return duplicated.size();
    }

    /** The truth with what happened on the way filled in. */
    SpeechTruth.Builder truth() {
        return SpeechTruth.newBuilder().setLost(lost).setDuplicated(duplicated);
    }
}
