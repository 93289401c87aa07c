package io.millrace.operators.intrusion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.card.Sha256;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.FolderModelLoader;
import io.millrace.operators.inference.ModelReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IntrusionModelLoaderTest {

    private static final IntrusionModelLoader LOADER = new IntrusionModelLoader(FlowProfile.CORE);

    @TempDir
    Path folder;

    private ModelReference small(String version) throws IOException {
        Path directory = folder.resolve(version);
        SmallModels.suspicious(directory, version);
        return FolderModelLoader.find(directory.toString(), IntrusionModel.KIND).reference();
    }

    private static float logit(StreamingModel<ObservedFlow, Judgement> model) {
        Random random = new Random(1);
        ObservedFlow flow = new ObservedFlow(SmallModels.row(random), SmallModels.history(random));
        try (NDManager manager = NDManager.newBaseManager();
                DenseStateBatch states = new DenseStateBatch(model.stateSpec(), 1, manager)) {
            return model.step(List.of(flow), states).get(0).output().logit();
        }
    }

    @Test
    void aReferenceNamesTheModelOfADirectoryAndItsWeights() throws Exception {
        ModelReference reference = small("3");
        assertThat(reference.id()).isEqualTo(new ModelId("small", "3"));
        assertThat(reference.location()).isEqualTo(folder.resolve("3").toString());
        assertThat(reference.sha256())
                .isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("3/weights.safetensors"))));
    }

    @Test
    void aDirectoryWithoutAModelHasNoReference() {
        assertThatThrownBy(() -> FolderModelLoader.find(folder.toString(), IntrusionModel.KIND))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no model directory: card.json is missing");
    }

    @Test
    void theShippedModelLoadsByItsName() throws Exception {
        ModelReference reference =
                FolderModelLoader.find("default", IntrusionModel.KIND).reference();
        try (StreamingModel<ObservedFlow, Judgement> model = LOADER.load(reference, Device.cpu())) {
            assertThat(model.id()).isEqualTo(IntrusionModel.KIND.shipped().id());
        }
    }

    @Test
    void aModelOfAnotherProfileIsRefused() throws Exception {
        ModelReference reference = small("3");
        assertThatThrownBy(() -> new IntrusionModelLoader(FlowProfile.ZEEK).load(reference, Device.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("small:3 is made for flows of profile core, the job gives it profile zeek");
    }

    @Test
    void weightsOtherThanThoseOrderedAreRefused() throws Exception {
        ModelReference reference = small("3");
        ModelReference other = new ModelReference("small", "3", reference.location(), "00" + "ab".repeat(31));
        assertThatThrownBy(() -> LOADER.load(other, Device.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reference.sha256())
                .hasMessageContaining("the order says " + other.sha256());
        for (String same : new String[] {"", reference.sha256().toUpperCase(Locale.ROOT)}) {
            LOADER.load(new ModelReference("small", "3", reference.location(), same), Device.cpu())
                    .close();
        }
    }

    @Test
    void weightsThatWereChangedAfterwardsAreRefused() throws Exception {
        ModelReference reference = small("3");
        Path weights = folder.resolve("3/weights.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertThatThrownBy(() -> LOADER.load(reference, Device.cpu()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("weights.safetensors is not the file that the card was written for");
    }

    @Test
    void subtasksShareWeightsAndTheLastToCloseFreesThem() throws Exception {
        ModelReference reference = small("3");
        StreamingModel<ObservedFlow, Judgement> first = LOADER.load(reference, Device.cpu());
        StreamingModel<ObservedFlow, Judgement> second = LOADER.load(reference, Device.cpu());
        float expected = logit(first);
        assertThat(logit(second)).isEqualTo(expected);
        first.close();
        first.close();
        assertThat(logit(second)).as("while another still runs").isEqualTo(expected);
        StreamingModel<ObservedFlow, Judgement> third = LOADER.load(reference, Device.cpu());
        second.close();
        assertThat(logit(third)).isEqualTo(expected);
        third.close();
        try (StreamingModel<ObservedFlow, Judgement> anew = LOADER.load(reference, Device.cpu())) {
            assertThat(logit(anew)).as("loaded after all were closed").isEqualTo(expected);
        }
    }

    @Test
    void versionsDoNotShare() throws Exception {
        try (StreamingModel<ObservedFlow, Judgement> three = LOADER.load(small("3"), Device.cpu());
                StreamingModel<ObservedFlow, Judgement> four = LOADER.load(small("4"), Device.cpu())) {
            assertThat(three.id()).isEqualTo(new ModelId("small", "3"));
            assertThat(four.id()).isEqualTo(new ModelId("small", "4"));
            assertThat(logit(three)).isNotEqualTo(logit(four));
        }
    }
}
