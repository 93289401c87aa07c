package io.millrace.models.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDManager;
import io.millrace.models.speech.decoding.Hypothesis;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.frontend.MelStream;
import io.millrace.models.speech.network.ChunkPlan;
import io.millrace.models.speech.tokens.Tokens;
import io.millrace.models.streaming.DenseStateBatch;

/** Transcribes one stream of 16 kHz audio as it comes, without a cluster: the steps of a streaming job in one object. */
public final class Transcriber implements AutoCloseable {

    private final FastConformerModel model;
    private final Settings settings;
    private final ChunkPlan plan;
    private final MelStream mel;
    private final UtteranceDecoder decoder;
    private final NDManager manager;
    private final DenseStateBatch state;
    private float[] waiting = new float[0];
    private int history;
    private long position;

    /**
     * How to listen.
     *
     * @param lookAhead look-ahead in encoder frames, one that the model serves
     * @param head head whose tokens count
     * @param silenceSeconds time without a new token that ends an utterance
     */
    public record Settings(int lookAhead, UtteranceDecoder.Head head, double silenceSeconds) {}

    /** {@code model} stays the caller's, and serves one transcriber at a time. */
    public Transcriber(FastConformerModel model, Tokens tokens, Settings settings) {
        model.config().context(settings.lookAhead());
        this.model = model;
        this.settings = settings;
        this.plan = new ChunkPlan(model.config().subsampling());
        this.mel = new MelStream(new MelFrontEnd(model.config().features()));
        this.decoder = new UtteranceDecoder(
                tokens,
                (double) MelFrontEnd.HOP * model.config().subsampling() / MelFrontEnd.SAMPLE_RATE,
                settings.silenceSeconds(),
                settings.head());
        this.manager = NDManager.newBaseManager(model.device());
        this.state = new DenseStateBatch(model.stateSpec(), 1, manager);
    }

    /** Takes samples in [-1, 1]; finals that they brought, and the newest partial result last. */
    public List<Hypothesis> accept(float[] samples, int count) {
        return hear(mel.accept(samples, 0, count), false);
    }

    /** The audio is over: the finals that are left. */
    public List<Hypothesis> finish() {
        List<Hypothesis> results = new ArrayList<>(hear(mel.finish(), true));
        results.removeIf(hypothesis -> !hypothesis.isFinal());
        results.addAll(decoder.finish());
        return results;
    }

    private List<Hypothesis> hear(float[] features, boolean ended) {
        waiting = joined(waiting, features);
        int bands = model.config().features();
        List<Hypothesis> results = new ArrayList<>();
        Hypothesis partial = null;
        while (true) {
            long available = position + waiting.length / bands - history;
            Optional<ChunkPlan.Step> next = plan.next(position, available, ended, settings.lookAhead());
            if (next.isEmpty()) {
                break;
            }
            partial = null;
            for (Hypothesis hypothesis : decoder.accept(step(next.get(), bands))) {
                if (hypothesis.isFinal()) {
                    results.add(hypothesis);
                } else {
                    partial = hypothesis;
                }
            }
        }
        if (partial != null) {
            results.add(partial);
        }
        return results;
    }

    private SpeechFrames step(ChunkPlan.Step step, int bands) {
        int skipped = history - step.history();
        int frames = step.history() + step.fresh();
        float[] chunk = Arrays.copyOfRange(waiting, skipped * bands, (skipped + frames) * bands);
        SpeechFrames output = model.step(
                        List.of(new SpeechChunk(chunk, frames, step.drop(), settings.lookAhead())), state)
                .get(0);
        state.commit();
        position += step.fresh();
        int kept = (int) Math.min(plan.mostHistory(), position);
        int end = skipped + frames;
        waiting = Arrays.copyOfRange(waiting, (end - kept) * bands, waiting.length);
        history = kept;
        return output;
    }

    private static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Override
    public void close() {
        state.close();
        manager.close();
    }
}
