package io.millrace.operators.speech;

import java.util.List;

import ai.djl.Device;
import io.millrace.models.card.ModelKind;
import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.FastConformerModel;
import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.operators.inference.FolderModelLoader;
import io.millrace.operators.inference.ModelReference;

/** Loads speech models that keep a contract; others are refused. */
public final class SpeechModelLoader
        extends FolderModelLoader<SpeechModel, SpeechChunk, SpeechFrames, FastConformerModel> {

    private final SpeechContract contract;
    private final Search search;
    private final CachePrecision precision;

    public SpeechModelLoader(SpeechContract contract, Search search, CachePrecision precision) {
        this.contract = contract;
        this.search = search;
        this.precision = precision;
    }

    @Override
    protected ModelKind<SpeechModel> kind() {
        return SpeechModel.KIND;
    }

    @Override
    protected void check(ModelReference reference, SpeechModel model) {
        if (!SpeechContract.of(model).equals(contract)) {
            throw new IllegalArgumentException(reference.id() + " does not fit the job: its bands, sub-sampling,"
                    + " look-aheads and tokens must be those of the model that the job was built for");
        }
    }

    @Override
    protected Object settings() {
        return List.of(search, precision);
    }

    @Override
    protected FastConformerModel open(SpeechModel model, Device device) {
        return new FastConformerModel(model, device, search, precision);
    }

    @Override
    protected FastConformerModel share(FastConformerModel model) {
        return model.share();
    }
}
