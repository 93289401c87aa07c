package io.millrace.models.intrusion.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.torch.EngineSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class IntrusionTrainerTest {

    private static final List<String> KINDS = List.of(FlowRow.BENIGN, FlowRow.BENIGN, "scan", "flood");

    @TempDir
    Path directory;

    @BeforeAll
    static void oneThread() {
        EngineSettings.singleThreaded().apply();
    }

    private static TrainingOptions small() {
        TrainingOptions options = TrainingOptions.of(FlowProfile.NSL_KDD);
        options.width = 8;
        options.feedForward = 8;
        options.mlpWidth = 8;
        options.epochs = 2;
        options.teacherTrees = 3;
        options.noveltyFolds = 2;
        return options;
    }

    private static List<IntrusionTrainer.Source> sources() {
        Random random = new Random(1);
        List<FlowRow> rows = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String kind = KINDS.get(i % KINDS.size());
            boolean attack = !kind.equals(FlowRow.BENIGN);
            double[] numeric = new double[FlowProfile.NSL_KDD.numericFields().size()];
            for (int f = 0; f < numeric.length; f++) {
                numeric[f] = random.nextInt(10) + (attack ? 5 : 0);
            }
            rows.add(new FlowRow(
                    numeric, new String[] {"tcp", kind.equals("scan") ? "private" : "http", "sf"}, null, attack, kind));
        }
        return List.of(new IntrusionTrainer.Source(Map.of("file", "made up"), rows));
    }

    private JsonNode card(TrainingOptions options) throws IOException {
        new IntrusionTrainer(FlowProfile.NSL_KDD, options, TrainingListener.SILENT)
                .train(sources(), "small", directory);
        return new ObjectMapper().readTree(directory.resolve("card.json").toFile());
    }

    @Test
    void withoutAStatedRateHeldOutKindsChooseIt() throws IOException {
        JsonNode card = card(small());

        JsonNode heldOut = card.at("/training/metrics").path("held_out_kinds");
        assertThat(heldOut.path("kinds").fieldNames()).toIterable().containsExactly("flood", "scan");
        assertThat(card.at("/decision/falseAlarmRate").asDouble())
                .isEqualTo(heldOut.path("best").path("false_alarm_rate").asDouble())
                .isPositive();
        assertThat(card.at("/training/options/falseAlarmRate").isNull()).isTrue();
    }

    @Test
    void aStatedRateIsTaken() throws IOException {
        TrainingOptions options = small();
        options.falseAlarmRate = 0.03;

        JsonNode card = card(options);

        assertThat(card.at("/decision/falseAlarmRate").asDouble()).isEqualTo(0.03);
        assertThat(card.at("/training/metrics").has("held_out_kinds")).isFalse();
    }
}
