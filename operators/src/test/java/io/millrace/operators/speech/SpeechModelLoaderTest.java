package io.millrace.operators.speech;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.SpeechChunk;
import io.millrace.models.speech.SpeechModel;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.tokens.Tokens;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.FolderModelLoader;
import io.millrace.operators.inference.ModelReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpeechModelLoaderTest {

    @TempDir
    private Path folder;

    private ModelReference reference(String name) throws IOException {
        return FolderModelLoader.find(folder.resolve(name).toString(), SpeechModel.KIND)
                .reference();
    }

    private static SpeechModelLoader loader(SpeechModel model) {
        return new SpeechModelLoader(
                SpeechContract.of(model), Search.greedy(UtteranceDecoder.Head.RNNT), CachePrecision.FLOAT32);
    }

    private static float[] heard(StreamingModel<SpeechChunk, SpeechFrames> model) {
        float[] mel = new float[9 * 16];
        Arrays.fill(mel, -7);
        try (NDManager manager = NDManager.newBaseManager();
                DenseStateBatch states = new DenseStateBatch(model.stateSpec(), 1, manager)) {
            return model.step(List.of(new SpeechChunk(mel, 9, 0, 1)), states)
                    .get(0)
                    .bestLogProbabilities();
        }
    }

    @Test
    void subtasksShareWeightsAndTheLastToCloseFreesThem() throws Exception {
        SpeechModel model = SmallSpeechModel.write(folder.resolve("a"), 1);
        SpeechModelLoader loader = loader(model);
        ModelReference reference = reference("a");
        StreamingModel<SpeechChunk, SpeechFrames> first = loader.load(reference, Device.cpu());
        StreamingModel<SpeechChunk, SpeechFrames> second = loader.load(reference, Device.cpu());
        float[] expected = heard(first);
        assertThat(heard(second)).isEqualTo(expected);
        first.close();
        first.close();
        assertThat(heard(second)).as("while another still runs").isEqualTo(expected);
        second.close();
        try (StreamingModel<SpeechChunk, SpeechFrames> anew = loader.load(reference, Device.cpu())) {
            assertThat(heard(anew)).as("loaded after all were closed").isEqualTo(expected);
        }
    }

    @Test
    void aModelThatTheOtherStepsDoNotFitIsRefused() throws Exception {
        SpeechModel model = SmallSpeechModel.write(folder.resolve("a"), 1);
        SpeechModelLoader loader = loader(model);
        SpeechModel fewer = SmallSpeechModel.write(folder.resolve("b"), 1, SmallSpeechModel.WORDS, 1, 0);
        assertThatThrownBy(() -> loader.load(reference("b"), Device.cpu()))
                .hasMessageContaining("does not fit the job");
        Tokens others = new Tokens(Tokens.Kind.CHARACTERS, SmallSpeechModel.WORDS.tokens());
        SpeechModel renamed = SmallSpeechModel.write(folder.resolve("c"), 1, others, 1, 0, 3);
        assertThatThrownBy(() -> loader.load(reference("c"), Device.cpu()))
                .hasMessageContaining("does not fit the job");
        SpeechModel retrained = SmallSpeechModel.write(folder.resolve("d"), 2);
        try (StreamingModel<SpeechChunk, SpeechFrames> next = loader.load(reference("d"), Device.cpu())) {
            assertThat(next.id()).isNotEqualTo(model.card().id());
        }
    }

    @Test
    void weightsOtherThanThoseOrderedAreRefused() throws Exception {
        SpeechModel model = SmallSpeechModel.write(folder.resolve("a"), 1);
        SpeechModelLoader loader = loader(model);
        ModelReference right = reference("a");
        ModelReference wrong = new ModelReference(right.name(), right.version(), right.location(), "ab".repeat(32));
        assertThatThrownBy(() -> loader.load(wrong, Device.cpu())).hasMessageContaining("the order says abab");
    }

    @Test
    void aFolderWithoutAModelIsNamed() {
        assertThatThrownBy(() -> FolderModelLoader.find(folder.toString(), SpeechModel.KIND))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.toString());
    }
}
