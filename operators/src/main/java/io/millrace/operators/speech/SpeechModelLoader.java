package io.millrace.operators.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.speech.SpeechFrames;
import io.millrace.models.speech.SpeechModelFolder;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.network.ChunkPlan;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.ModelLoader;
import io.millrace.operators.inference.ModelReference;

/**
 * Loads speech models from their folders. Subtasks of a process share one copy of a version's weights; the last to close
 * it frees it.
 */
public final class SpeechModelLoader implements ModelLoader<SpeechChunk, SpeechFrames> {

    /** Location of the model that comes with the build. */
    public static final String SHIPPED = "default";

    private static final Map<Shared, FastConformerModel> SHARED = new HashMap<>();
    /** Mel energy of digital silence. */
    private static final float SILENCE = (float) Math.log(0x1p-24);

    /** What tells models of a process apart. */
    private record Shared(String weights, Device device, Search search, CachePrecision precision) {}

    private final SpeechContract contract;
    private final Search search;
    private final CachePrecision precision;

    /** Loads models that keep the contract; others are refused. */
    public SpeechModelLoader(SpeechContract contract, Search search, CachePrecision precision) {
        this.contract = contract;
        this.search = search;
        this.precision = precision;
    }

    /**
     * Reads a model.
     *
     * @param location model folder, or {@link #SHIPPED}
     * @throws IOException if there is none, or it cannot be read
     */
    public static SpeechModelFolder read(String location) throws IOException {
        return SpeechModelFolder.readOrShipped(location.equals(SHIPPED) ? null : Path.of(location));
    }

    /** The reference of the model at a location. */
    public static ModelReference referenceTo(String location, SpeechModelFolder model) {
        return new ModelReference(
                model.card().modelId().name(),
                model.card().modelId().version(),
                location,
                model.card().weightsSha256());
    }

    @Override
    public StreamingModel<SpeechChunk, SpeechFrames> load(ModelReference reference, Device device) throws IOException {
        SpeechModelFolder folder = read(reference.location());
        if (!SpeechContract.of(folder).equals(contract)) {
            throw new IllegalArgumentException(reference.id() + " does not fit the job: its bands, sub-sampling,"
                    + " look-aheads and tokens must be those of the model that the job was built for");
        }
        String sha256 = folder.card().weightsSha256();
        if (!reference.sha256().isEmpty() && !reference.sha256().equalsIgnoreCase(sha256)) {
            throw new IllegalArgumentException("weights at " + reference.location() + " have SHA-256 " + sha256
                    + ", the order says " + reference.sha256());
        }
        FastConformerModel model = modelOf(folder, device);
        try {
            warm(model);
            return model;
        } catch (RuntimeException failure) {
            model.close();
            throw failure;
        }
    }

    private FastConformerModel modelOf(SpeechModelFolder folder, Device device) {
        Shared key =
                new Shared(folder.card().modelId() + "/" + folder.card().weightsSha256(), device, search, precision);
        synchronized (SHARED) {
            FastConformerModel shared = SHARED.get(key);
            if (shared != null) {
                try {
                    return shared.share();
                } catch (IllegalStateException closed) {
                    SHARED.remove(key);
                }
            }
            FastConformerModel model = new FastConformerModel(folder, device, search, precision);
            SHARED.put(key, model);
            return model;
        }
    }

    /** Hears some silence at every look-ahead: what does not work fails here, not in the first batch. */
    private void warm(FastConformerModel model) {
        ChunkPlan plan = new ChunkPlan(contract.subsampling());
        for (int lookAhead : contract.lookAheads()) {
            try (NDManager manager = NDManager.newBaseManager(model.device());
                    DenseStateBatch states = new DenseStateBatch(model.stateSpec(), 2, manager)) {
                long position = 0;
                for (int i = 0; i < 3; i++) {
                    ChunkPlan.Step step = plan.next(position, Long.MAX_VALUE, false, lookAhead)
                            .orElseThrow();
                    position += step.fresh();
                    int frames = step.history() + step.fresh();
                    float[] mel = new float[frames * contract.bands()];
                    Arrays.fill(mel, SILENCE);
                    SpeechChunk chunk = new SpeechChunk(mel, frames, step.drop(), lookAhead);
                    List<SpeechFrames> outputs = model.step(List.of(chunk, chunk), states);
                    if (!outputs.stream().allMatch(model::isFinite)) {
                        throw new IllegalStateException(
                                model.id() + " gives numbers that are not finite when it hears silence");
                    }
                    states.commit();
                }
            }
        }
    }
}
