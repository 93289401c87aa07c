package io.millrace.operators.intrusion;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.millrace.models.intrusion.AttackKinds;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.streaming.ModelId;
import io.millrace.operators.features.FeatureDraw;
import io.millrace.operators.features.FeatureSamples;
import io.millrace.operators.inference.RecordMapping;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.FieldEvidence;
import io.millrace.schemas.FlowEvidence;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.Verdict;

/**
 * The decision of the intrusion stage: assembled flow to model input, judgement to detection. A detection depends on
 * flow, judgement and model alone, but for the wall-clock time it was reached.
 */
public final class IntrusionMapping implements RecordMapping<AssembledFlow, ObservedFlow, Judgement, Judged> {

    private static final int TELLING_FLOWS = 5;
    private static final double LEAST_WEIGHT = 0.05;

    private final FlowProfile profile;
    private final FeatureDraw draw;
    private transient FlowRows rows;

    /**
     * Creates the mapping.
     *
     * @param profile fields that the model reads
     * @param draw which flows are drawn as samples, by their ids
     */
    public IntrusionMapping(FlowProfile profile, FeatureDraw draw) {
        this.profile = profile;
        this.draw = draw;
    }

    @Override
    public ObservedFlow input(AssembledFlow assembled) {
        if (rows == null) {
            rows = new FlowRows(profile);
        }
        return new ObservedFlow(rows.row(assembled.flow), assembled.history);
    }

    @Override
    public Judged result(AssembledFlow assembled, Judgement judgement, ModelId model) {
        FlowRecord flow = assembled.flow;
        boolean attack = judgement.isAttack();
        Detection detection = Detection.newBuilder()
                .setDetectionId(stableId(model.name(), flow.getSensor(), flow.getFlowId()))
                .setFlowId(flow.getFlowId())
                .setKey(FlowRows.keyOf(flow))
                .setSequence(assembled.sequence)
                .setEventTime(flow.getEndTime())
                .setEmittedTime(Instant.ofEpochMilli(System.currentTimeMillis()))
                .setObservedTime(flow.getObservedTime())
                .setVerdict(attack ? Verdict.ATTACK : Verdict.BENIGN)
                .setKind(judgement.kind())
                .setScore(judgement.output().logit())
                .setProbability(judgement.probability())
                .setThreshold(judgement.threshold())
                .setDetector(model.name())
                .setModelVersion(model.version())
                .setSourceAddress(flow.getSourceAddress())
                .setSourcePort(flow.getSourcePort())
                .setDestinationAddress(flow.getDestinationAddress())
                .setDestinationPort(flow.getDestinationPort())
                .setProtocol(flow.getProtocol())
                .setTechniqueIds(attack ? AttackKinds.techniques(judgement.kind()) : List.of())
                .setFlowEvidence(
                        attack ? flowEvidence(assembled, judgement.output().attention()) : List.of())
                .setFieldEvidence(fieldEvidence(judgement))
                .setLabel(flow.getLabel())
                .build();
        return new Judged(detection, draw.draws(flow.getFlowId()) ? sample(detection, judgement) : null);
    }

    private static String stableId(String detector, String sensor, String flow) {
        String seed = detector + '\n' + sensor + '\n' + flow;
        return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static List<FlowEvidence> flowEvidence(AssembledFlow assembled, float[] attention) {
        List<FlowEvidence> evidence = new ArrayList<>();
        for (int age = 0; age < attention.length && age <= assembled.earlierIds.length; age++) {
            if (attention[age] >= LEAST_WEIGHT) {
                evidence.add(new FlowEvidence(
                        age == 0 ? assembled.flow.getFlowId() : assembled.earlierIds[age - 1],
                        (double) attention[age],
                        age == 0 ? FlowSummary.of(assembled.flow) : assembled.earlierSummaries[age - 1]));
            }
        }
        evidence.sort(Comparator.comparingDouble((FlowEvidence e) -> -e.getWeight()));
        return evidence.size() > TELLING_FLOWS ? new ArrayList<>(evidence.subList(0, TELLING_FLOWS)) : evidence;
    }

    private static List<FieldEvidence> fieldEvidence(Judgement judgement) {
        return judgement.fields().stream()
                .map(field -> new FieldEvidence(field.name(), field.value(), field.contribution()))
                .toList();
    }

    private FeatureSample sample(Detection detection, Judgement judgement) {
        return FeatureSample.newBuilder()
                .setSampleId(detection.getFlowId())
                .setStage(FlowDeadLetters.STAGE)
                .setKey(detection.getKey())
                .setEventTime(detection.getEventTime())
                .setModel(detection.getDetector())
                .setModelVersion(detection.getModelVersion())
                .setScore(detection.getScore())
                .setProbability(detection.getProbability())
                .setFeatures(FeatureSamples.list(judgement.input().numeric()))
                .setFeatureSpecHash(judgement.featuresSha256())
                .setEmbedding(FeatureSamples.list(judgement.output().embedding()))
                .setLabel(detection.getLabel())
                .setCalibration(Map.of("threshold", detection.getThreshold()))
                .setSampleRate(draw.rate())
                .build();
    }

    @Override
    public DeadLetter deadLetter(AssembledFlow assembled, DeadLetterReason reason, String message) {
        return FlowDeadLetters.of(assembled.flow, assembled.origin, "infer", reason, message);
    }
}
