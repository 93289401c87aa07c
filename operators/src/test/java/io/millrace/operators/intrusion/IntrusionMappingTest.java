package io.millrace.operators.intrusion;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.intrusion.network.FlowOutput;
import io.millrace.models.streaming.ModelId;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.operators.source.Origin;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.FieldEvidence;
import io.millrace.schemas.FlowEvidence;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.Verdict;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IntrusionMappingTest {

    private static final String HOST = "192.168.1.9";
    private static final ModelId MODEL = new ModelId("toy", "7");
    private static final FlowInput INPUT = new FlowInput(new float[] {0.25f, 1}, new int[] {1, 0});
    private static final IntrusionMapping NO_SAMPLES = new IntrusionMapping(FlowProfile.CORE, FeatureDraw.NONE);
    private static final IntrusionMapping ALL_SAMPLES = new IntrusionMapping(FlowProfile.CORE, new FeatureDraw(1));

    private static FlowRecord.Builder flow(String id) {
        return SampleFlows.builder(HOST, 10, id)
                .setObservedTime(SampleFlows.at(12))
                .setLabel("scan");
    }

    /** A flow with so many flows before it: e1 the newest of them. */
    private static AssembledFlow assembled(FlowRecord flow, int earlier) {
        String[] ids = new String[earlier];
        String[] summaries = new String[earlier];
        for (int i = 0; i < earlier; i++) {
            ids[i] = "e" + (i + 1);
            summaries[i] = "line " + (i + 1);
        }
        return new AssembledFlow(
                flow, new Origin("flows", 3, 42, 1_000), new double[] {1, Double.NaN}, 41, ids, summaries);
    }

    private static Judgement judgement(double probability, double threshold, String kind, float... attention) {
        FlowOutput output = new FlowOutput(1.5f, new float[] {0.5f}, new float[] {-1, 2}, attention, null);
        return new Judgement(output, probability, threshold, kind, List.of(), INPUT, "abc123");
    }

    private static Judgement attack(float... attention) {
        return judgement(0.9, 0.5, "scan", attention);
    }

    private static Judgement benign(float... attention) {
        return judgement(0.1, 0.5, null, attention);
    }

    private static Detection detection(AssembledFlow flow, Judgement judgement) {
        return NO_SAMPLES.result(flow, judgement, MODEL).detection;
    }

    @Example
    void theModelReadsTheRowOfTheFlowAndTheHistoryOfItsHost() {
        AssembledFlow assembled = assembled(flow("f").build(), 0);
        ObservedFlow input = NO_SAMPLES.input(assembled);
        assertThat(input.row().numeric()).hasSameSizeAs(FlowProfile.CORE.numericFields());
        assertThat(input.row().numeric()[FlowProfile.CORE.numericFields().indexOf("bytes_in")])
                .isEqualTo(1_500);
        assertThat(input.row().categorical()).containsExactly("6", "443", "=FSPA", "=FSPA", "");
        assertThat(input.history()).containsExactly(1, Double.NaN);
        assertThat(new IntrusionMapping(FlowProfile.ZEEK, FeatureDraw.NONE)
                        .input(assembled)
                        .row()
                        .categorical())
                .hasSameSizeAs(FlowProfile.ZEEK.categoricalFields());
    }

    @Example
    void aDetectionTellsWhatTheFlowAndTheModelTell() {
        Instant before = Instant.now().minusMillis(1);
        Detection detection = detection(assembled(flow("f").build(), 0), attack(1));

        assertThat(detection.getFlowId()).isEqualTo("f");
        assertThat(detection.getKey()).isEqualTo(HOST);
        assertThat(detection.getSequence()).isEqualTo(41);
        assertThat(detection.getEventTime()).isEqualTo(SampleFlows.at(10));
        assertThat(detection.getObservedTime()).isEqualTo(SampleFlows.at(12));
        assertThat(detection.getEmittedTime()).isBetween(before, Instant.now());
        assertThat(detection.getVerdict()).isEqualTo(Verdict.ATTACK);
        assertThat(detection.getKind()).isEqualTo("scan");
        assertThat(detection.getScore()).isEqualTo(1.5);
        assertThat(detection.getProbability()).isEqualTo(0.9);
        assertThat(detection.getThreshold()).isEqualTo(0.5);
        assertThat(detection.getDetector()).isEqualTo("toy");
        assertThat(detection.getModelVersion()).isEqualTo("7");
        assertThat(detection.getSourceAddress()).isEqualTo(HOST);
        assertThat(detection.getSourcePort()).isEqualTo(40_000);
        assertThat(detection.getDestinationAddress()).isEqualTo("10.0.0.1");
        assertThat(detection.getDestinationPort()).isEqualTo(443);
        assertThat(detection.getProtocol()).isEqualTo(6);
        assertThat(detection.getTechniqueIds()).containsExactly("T1046", "T1595");
        assertThat(detection.getLabel()).isEqualTo("scan");
    }

    @Example
    void aBenignVerdictHasNeitherKindNorTechniqueNorEvidence() {
        Detection detection = detection(assembled(flow("f").build(), 3), benign(0.25f, 0.25f, 0.25f, 0.25f));
        assertThat(detection.getVerdict()).isEqualTo(Verdict.BENIGN);
        assertThat(detection.getKind()).isNull();
        assertThat(detection.getTechniqueIds()).isEmpty();
        assertThat(detection.getFlowEvidence()).isEmpty();
        assertThat(detection.getFieldEvidence()).isEmpty();
        assertThat(detection.getProbability()).as("known all the same").isEqualTo(0.1);
    }

    @Example
    void aProbabilityAtTheThresholdIsAnAttackAndOneJustBelowIsNot() {
        AssembledFlow flow = assembled(flow("f").build(), 0);
        double threshold = 0.885;
        assertThat(detection(flow, judgement(threshold, threshold, "scan", 1)).getVerdict())
                .isEqualTo(Verdict.ATTACK);
        assertThat(detection(flow, judgement(Math.nextUp(threshold), threshold, "scan", 1))
                        .getVerdict())
                .isEqualTo(Verdict.ATTACK);
        assertThat(detection(flow, judgement(Math.nextDown(threshold), threshold, null, 1))
                        .getVerdict())
                .isEqualTo(Verdict.BENIGN);
        assertThat(detection(flow, judgement(0, 0, "anomaly", 1)).getVerdict()).isEqualTo(Verdict.ATTACK);
    }

    @Property(tries = 200)
    @Label("the verdict is attack if and only if the probability reached the threshold")
    void theVerdictFollowsTheThreshold(
            @ForAll @DoubleRange(min = 0, max = 1) double probability,
            @ForAll @DoubleRange(min = 0, max = 1) double threshold) {
        boolean reached = probability >= threshold;
        Detection detection = detection(
                assembled(flow("f").build(), 0), judgement(probability, threshold, reached ? "scan" : null, 1));
        assertThat(detection.getVerdict()).isEqualTo(reached ? Verdict.ATTACK : Verdict.BENIGN);
    }

    @Example
    void aKindWithoutATechniqueNamesNone() {
        Detection detection = detection(assembled(flow("f").build(), 0), judgement(0.9, 0.5, "anomaly", 1));
        assertThat(detection.getKind()).isEqualTo("anomaly");
        assertThat(detection.getTechniqueIds()).isEmpty();
    }

    @Example
    void aBareFlowIsJudgedAllTheSame() {
        FlowRecord bare = SampleFlows.builder(HOST, 10, "f")
                .setSourcePort(null)
                .setDestinationPort(null)
                .setProtocol(1)
                .setBytesOut(null)
                .setBytesIn(null)
                .setPacketsOut(null)
                .setPacketsIn(null)
                .build();
        assertThat(NO_SAMPLES.input(assembled(bare, 0)).row().numeric()[3]).isNaN();
        Detection detection = detection(assembled(bare, 0), attack(1));
        assertThat(detection.getSourcePort()).isNull();
        assertThat(detection.getDestinationPort()).isNull();
        assertThat(detection.getObservedTime()).isNull();
        assertThat(detection.getLabel()).isNull();
        assertThat(detection.getFlowEvidence())
                .extracting(FlowEvidence::getSummary)
                .containsExactly("192.168.1.9 -> 10.0.0.1 icmp");
    }

    @Example
    void theIdIsThatOfTheFlowAndTheDetectorWhateverTheVersionAndTheVerdict() {
        AssembledFlow flow = assembled(flow("f").build(), 0);
        String id = detection(flow, attack(1)).getDetectionId();
        assertThat(UUID.fromString(id)).hasToString(id);
        assertThat(NO_SAMPLES
                        .result(flow, benign(1), new ModelId("toy", "8"))
                        .detection
                        .getDetectionId())
                .isEqualTo(id);
        assertThat(NO_SAMPLES
                        .result(flow, attack(1), new ModelId("other", "7"))
                        .detection
                        .getDetectionId())
                .isNotEqualTo(id);
        assertThat(detection(assembled(flow("g").build(), 0), attack(1)).getDetectionId())
                .isNotEqualTo(id);
        assertThat(detection(assembled(flow("f").setSensor("second probe").build(), 0), attack(1))
                        .getDetectionId())
                .as("ids of flows are unique within their sensor only")
                .isNotEqualTo(id);
    }

    @Example
    void evidenceNamesTheFlowsThatWeighedMostHeaviestFirst() {
        Detection detection = detection(assembled(flow("f").build(), 3), attack(0.25f, 0.125f, 0.5f, 0.125f));
        assertThat(detection.getFlowEvidence())
                .containsExactly(
                        new FlowEvidence("e2", 0.5, "line 2"),
                        new FlowEvidence("f", 0.25, "192.168.1.9 -> 10.0.0.1:443 tcp 500 B out 1500 B in"),
                        new FlowEvidence("e1", 0.125, "line 1"),
                        new FlowEvidence("e3", 0.125, "line 3"));
    }

    @Example
    void evidenceLeavesOutFlowsOfLittleWeight() {
        Detection detection = detection(assembled(flow("f").build(), 3), attack(0.85f, 0.05f, 0.0499f, 0.0501f));
        assertThat(detection.getFlowEvidence())
                .extracting(FlowEvidence::getFlowId)
                .containsExactly("f", "e3", "e1");
    }

    @Property(tries = 200)
    @Label("evidence is at most five flows of the window, each once, heaviest first, no heavier one left out")
    void evidenceIsTheHeaviestOfTheWindow(
            @ForAll @Size(min = 1, max = 16) List<@FloatRange(min = 0, max = 1) Float> weights,
            @ForAll @IntRange(min = 0, max = 20) int earlier) {
        float[] attention = new float[weights.size()];
        for (int i = 0; i < attention.length; i++) {
            attention[i] = weights.get(i);
        }
        List<Double> expected = new ArrayList<>();
        for (int age = 0; age < attention.length && age <= earlier; age++) {
            if (attention[age] >= 0.05) {
                expected.add((double) attention[age]);
            }
        }
        expected.sort((a, b) -> Double.compare(b, a));
        expected = expected.subList(0, Math.min(5, expected.size()));

        List<FlowEvidence> evidence = detection(assembled(flow("e0").build(), earlier), attack(attention))
                .getFlowEvidence();

        assertThat(evidence).extracting(FlowEvidence::getWeight).isEqualTo(expected);
        assertThat(evidence).extracting(FlowEvidence::getFlowId).doesNotHaveDuplicates();
        assertThat(evidence)
                .allSatisfy(each -> assertThat((double)
                                attention[Integer.parseInt(each.getFlowId().substring(1))])
                        .isEqualTo(each.getWeight()));
    }

    @Example
    void fieldsThatTheModelNamesAreEvidenceInItsOrder() {
        FlowOutput output = new FlowOutput(1.5f, new float[0], new float[0], new float[] {1}, new float[] {1, 2});
        Judgement judgement = new Judgement(
                output,
                0.9,
                0.5,
                "scan",
                List.of(new Judgement.Field("bytes_out", "500.0", 2), new Judgement.Field("flags_in", "=R", 0.5)),
                INPUT,
                "abc123");
        assertThat(detection(assembled(flow("f").build(), 0), judgement).getFieldEvidence())
                .containsExactly(
                        new FieldEvidence("bytes_out", "500.0", 2.0), new FieldEvidence("flags_in", "=R", 0.5));
    }

    @Example
    void aSampleTellsWhatTheModelSawAndThought() {
        Judged judged = ALL_SAMPLES.result(assembled(flow("f").build(), 0), benign(1), MODEL);
        assertThat(judged.sample)
                .isEqualTo(FeatureSample.newBuilder()
                        .setSampleId("f")
                        .setStage("intrusion")
                        .setKey(HOST)
                        .setEventTime(SampleFlows.at(10))
                        .setModel("toy")
                        .setModelVersion("7")
                        .setScore(1.5)
                        .setProbability(0.1)
                        .setFeatures(List.of(0.25f, 1f))
                        .setFeatureSpecHash("abc123")
                        .setEmbedding(List.of(-1f, 2f))
                        .setLabel("scan")
                        .setCalibration(Map.of("threshold", 0.5))
                        .setSampleRate(1)
                        .build());
    }

    @Example
    void flowsAreDrawnByTheirIds() {
        FeatureDraw draw = new FeatureDraw(0.5);
        IntrusionMapping mapping = new IntrusionMapping(FlowProfile.CORE, draw);
        AssembledFlow flow = assembled(flow("f").build(), 0);
        for (int i = 0; i < 50; i++) {
            String id = "flow-" + i;
            flow.flow.setFlowId(id);
            assertThat(mapping.result(flow, benign(1), MODEL).sample != null).isEqualTo(draw.draws(id));
        }
    }

    @Property
    @Label("a flow that the model cannot answer becomes a dead letter with reason, message and flow")
    void aFlowThatCannotBeAnsweredBecomesADeadLetter(@ForAll DeadLetterReason reason) {
        DeadLetter letter = NO_SAMPLES.deadLetter(assembled(flow("f").build(), 2), reason, "the model gave NaN");
        assertThat(letter.getStage()).isEqualTo("intrusion");
        assertThat(letter.getStep()).isEqualTo("infer");
        assertThat(letter.getReason()).isEqualTo(reason);
        assertThat(letter.getMessage()).isEqualTo("the model gave NaN");
        assertThat(letter.getTopic()).isEqualTo("flows");
        assertThat(letter.getPartition()).isEqualTo(3);
        assertThat(letter.getOffset()).isEqualTo(42);
        assertThat(text(letter.getKey())).isEqualTo(HOST);
        assertThat(text(letter.getValue())).contains("\"flow_id\":\"f\"").contains("\"bytes_in\":{\"long\":1500}");
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Example
    void flowsOfAProfileThatRecordsDoNotCarryAreUnfitAndTheReasonSaysSo() {
        IntrusionMapping mapping = new IntrusionMapping(FlowProfile.NSL_KDD, FeatureDraw.NONE);
        assertThatThrownBy(() -> mapping.input(assembled(flow("f").build(), 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not those of nsl-kdd");
    }

    @Example
    void theMappingTravelsToItsTasks() throws Exception {
        IntrusionMapping used = new IntrusionMapping(FlowProfile.CORE, new FeatureDraw(1));
        AssembledFlow flow = assembled(flow("f").build(), 0);
        used.input(flow);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(used);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            IntrusionMapping read = (IntrusionMapping) in.readObject();
            assertThat(read.input(flow).row().numeric())
                    .isEqualTo(used.input(flow).row().numeric());
            assertThat(read.result(flow, benign(1), MODEL).sample).isNotNull();
        }
    }
}
