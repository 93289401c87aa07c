package io.millrace.operators.speech;

import java.io.IOException;

import ai.djl.Device;
import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.speech.SpeechModelFolder;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.ModelFolder;
import io.millrace.operators.inference.ModelLoader;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.SharedModels;

/**
 * Loads speech models from their folders. Subtasks of a process share one copy of a version's weights; the last to close
 * it frees it.
 */
public final class SpeechModelLoader implements ModelLoader<SpeechChunk, SpeechFrames> {

    /** Location of the model that comes with the build. */
    public static final String SHIPPED = "default";

    private static final SharedModels<Shared, FastConformerModel> SHARED = new SharedModels<>();

    /** What tells models of a process apart. */
    private record Shared(String digest, Device device, Search search, CachePrecision precision) {}

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
     * @param location model folder (see {@link ModelFolder}), or {@link #SHIPPED}
     * @throws IOException if there is none, or it cannot be read
     */
    public static SpeechModelFolder read(String location) throws IOException {
        if (location.equals(SHIPPED)) {
            return SpeechModelFolder.shipped();
        }
        try (ModelFolder folder = ModelFolder.open(location)) {
            return SpeechModelFolder.read(folder.path());
        }
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
        return modelOf(folder, device);
    }

    private FastConformerModel modelOf(SpeechModelFolder folder, Device device) {
        return SHARED.get(
                new Shared(folder.digest(), device, search, precision),
                FastConformerModel::share,
                () -> new FastConformerModel(folder, device, search, precision));
    }
}
