package io.millrace.operators.speech;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.frontend.MelStream;
import io.millrace.models.speech.network.ChunkPlan;
import io.millrace.schemas.audio.Resampler;
import io.millrace.schemas.audio.ResamplerState;

/**
 * A stretch of a channel on its way to the model: brought to 16 kHz, made into features, cut into chunks. Each step
 * carries over what it needs, so that the chunks are those of the whole stretch, however its audio comes.
 */
final class Stretch {

    private static final int MILLIS_PER_FRAME = MelFrontEnd.HOP * 1000 / MelFrontEnd.SAMPLE_RATE;

    private final StretchState state;
    private final int bands;
    private final int subsampling;
    private final ChunkPlan plan;
    private final Resampler resampler;
    private final MelStream mel;
    private final Consumer<AssembledSpeech> output;

    /**
     * Goes on with a stretch, or begins one whose state has no samples yet.
     *
     * @param sampleRate samples a second of the channel
     */
    Stretch(
            StretchState state,
            int sampleRate,
            MelFrontEnd frontEnd,
            int subsampling,
            Consumer<AssembledSpeech> output) {
        this.state = state;
        this.bands = frontEnd.bands();
        this.subsampling = subsampling;
        this.plan = new ChunkPlan(subsampling);
        boolean begins = state.taken == 0;
        this.resampler = begins
                ? new Resampler(sampleRate)
                : Resampler.restore(new ResamplerState(sampleRate, state.taken, state.given, state.history));
        this.mel = begins
                ? new MelStream(frontEnd)
                : new MelStream(frontEnd, new MelStream.State(state.kept, state.previous, state.samples));
        this.output = output;
    }

    /** Takes samples at the channel's rate and gives the chunks that they complete. */
    void hear(float[] audio) {
        float[] samples = resampler.push(audio);
        wait(mel.accept(samples, 0, samples.length));
        cut(false);
        ResamplerState resampled = resampler.state();
        state.taken = resampled.taken();
        state.given = resampled.given();
        state.history = resampled.history();
        MelStream.State heard = mel.state();
        state.kept = heard.kept();
        state.previous = heard.previous();
        state.samples = heard.samples();
    }

    /** The stretch is over: the chunks that are left, with the right padding that nature gives, and the end. */
    void end(String reason) {
        long taken = state.taken;
        float[] rest = resampler.finish();
        wait(mel.accept(rest, 0, rest.length));
        wait(mel.finish());
        cut(true);
        AssembledSpeech end = piece();
        end.endedBy = reason;
        end.heardMillis = taken * 1000 / resampler.inputRate();
        output.accept(end);
    }

    /**
     * The end without what is left, of a stretch that cannot be brought to its end.
     *
     * @param sampleRate samples a second of the channel
     */
    static AssembledSpeech bareEnd(StretchState state, int sampleRate, int subsampling, String reason) {
        AssembledSpeech end = piece(state, sampleRate, subsampling);
        end.endedBy = reason;
        end.heardMillis = state.position * MILLIS_PER_FRAME;
        return end;
    }

    private void wait(float[] features) {
        int filled = state.mel.length;
        state.mel = Arrays.copyOf(state.mel, filled + features.length);
        System.arraycopy(features, 0, state.mel, filled, features.length);
    }

    private void cut(boolean ended) {
        while (true) {
            long available = state.position + state.mel.length / bands - state.before;
            Optional<ChunkPlan.Step> next = plan.next(state.position, available, ended, state.lookAhead);
            if (next.isEmpty()) {
                return;
            }
            output.accept(chunk(next.get()));
        }
    }

    private AssembledSpeech chunk(ChunkPlan.Step step) {
        int from = state.before - step.history();
        int to = state.before + step.fresh();
        AssembledSpeech chunk = piece();
        chunk.mel = Arrays.copyOfRange(state.mel, from * bands, to * bands);
        chunk.frames = to - from;
        chunk.drop = step.drop();
        state.position += step.fresh();
        chunk.heardMillis = state.position * MILLIS_PER_FRAME;
        state.before = (int) Math.min(plan.mostHistory(), state.position);
        state.mel = Arrays.copyOfRange(state.mel, (to - state.before) * bands, state.mel.length);
        // What is left of the latest record goes into the next.
        state.sinceOffset = state.origin == null ? 0 : state.origin.offset();
        return chunk;
    }

    private AssembledSpeech piece() {
        return piece(state, resampler.inputRate(), subsampling);
    }

    private static AssembledSpeech piece(StretchState state, int sampleRate, int subsampling) {
        AssembledSpeech piece = new AssembledSpeech();
        piece.streamId = state.streamId;
        piece.channel = state.channel;
        piece.stretchStartMillis = state.startMillis;
        piece.stretchStartTime = state.startTime;
        // A first chunk has 1 + s r mel frames, every further one s + s r: one encoder frame for each s, and the first.
        piece.firstFrame = (state.position + subsampling - 1) / subsampling;
        piece.lookAhead = state.lookAhead;
        piece.silenceMillis = state.silenceMillis;
        piece.phrases = state.phrases;
        piece.origin = state.origin;
        piece.sinceOffset = state.sinceOffset;
        piece.filledMillis = state.filledSamples * 1000 / sampleRate;
        return piece;
    }
}
