package io.millrace.operators.alert;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertEvidence;
import io.millrace.schemas.PictureEvidence;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;
import io.millrace.schemas.WaveformEvidence;
import org.junit.jupiter.api.Test;

import static io.millrace.operators.alert.AlertSource.Evidence.OF_EACH;
import static io.millrace.operators.alert.AlertSource.Evidence.OF_THE_STRONGEST;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a stage observes, its alert keeps a size that its topic takes. */
class EvidenceFoldingTest {

    private static AlertEvidence picture(String uri, int bytes) {
        PictureEvidence picture = PictureEvidence.newBuilder()
                .setUri(uri)
                .setData(ByteBuffer.allocate(bytes))
                .build();
        return AlertEvidence.newBuilder().setPicture(picture).build();
    }

    private static AlertEvidence waveform(String channel, int samples) {
        WaveformEvidence waveform = WaveformEvidence.newBuilder()
                .setChannel(channel)
                .setSampleRate(256)
                .setStartTime(Instant.EPOCH)
                .setSamples(Collections.nCopies(samples, 0.5f))
                .build();
        return AlertEvidence.newBuilder().setWaveform(waveform).build();
    }

    private static Alert folded(AlertSource.Evidence kept, Alert... observations) {
        AlertState state = new AlertState();
        state.alert = AlertFolding.begin(observations[0]);
        for (Alert one : observations) {
            AlertFolding.fold(state, one, kept);
        }
        return state.alert;
    }

    private static Alert seen(double score, AlertEvidence... evidence) {
        return Sighting.of("gate", "loitering", score)
                .observation()
                .setEvidence(List.of(evidence))
                .build();
    }

    @Test
    void theStrongestReplacesWhatItBringsAndNothingElse() {
        Alert alert = folded(
                OF_THE_STRONGEST,
                seen(1, picture("a", 1), waveform("F3", 1)),
                seen(3, picture("b", 1)),
                seen(2, picture("c", 1), waveform("F4", 1)));
        assertThat(alert.getEvidence()).containsExactly(waveform("F3", 1), picture("b", 1));
    }

    @Test
    void anAlertThatWasReadFromStateGoesOnToBeFolded() throws Exception {
        Alert read = Alert.fromByteBuffer(folded(OF_THE_STRONGEST, seen(1, picture("a", 1), waveform("F3", 1)))
                .toByteBuffer());
        AlertState state = new AlertState();
        state.alert = read;
        AlertFolding.fold(state, seen(3, picture("b", 1)), OF_THE_STRONGEST);
        assertThat(read.getEvidence()).containsExactly(waveform("F3", 1), picture("b", 1));
        assertThat(read.getObservationIds()).containsExactly("s1.0", "s3.0");
    }

    @Test
    void thatOfEachStaysAsLongAsThereIsRoom() {
        Alert alert = folded(
                OF_EACH,
                IntStream.range(0, 40)
                        .mapToObj(i -> seen(i, picture("uri-" + i, 10)))
                        .toArray(Alert[]::new));
        assertThat(alert.getEvidence()).hasSize(32).contains(picture("uri-0", 10), picture("uri-31", 10));
        assertThat(alert.getEvidenceOmitted()).isEqualTo(8);
    }

    @Test
    void evidenceThatIsTooLargeIsLeftOutAndCounted() throws Exception {
        Alert alert = folded(
                OF_EACH,
                seen(1, waveform("F3", 200_000)),
                seen(2, picture(null, 65_537)),
                seen(3, picture("s3://frames/7", 65_537)),
                seen(4, picture(null, 65_536)),
                seen(5, waveform("F4", 1_000)));
        AlertEvidence referring = picture("s3://frames/7", 0);
        referring.getPicture().setData(null);
        assertThat(alert.getEvidence()).containsExactly(referring, picture(null, 65_536), waveform("F4", 1_000));
        assertThat(alert.getEvidenceOmitted()).isEqualTo(2);

        Alert[] pictures = IntStream.range(0, 100)
                .mapToObj(i -> seen(i, picture("uri-" + i, 60_000)))
                .toArray(Alert[]::new);
        assertThat(folded(OF_EACH, pictures).toByteBuffer().remaining()).isLessThan(600_000);
    }

    @Test
    void subjectsTechniquesAndFactsAreBoundedToo() {
        List<Alert> observations = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            observations.add(Sighting.of("gate", "loitering", i)
                    .observation()
                    .setSubjects(List.of(
                            AlertSubjects.of(SubjectRole.SOURCE, SubjectType.PERSON, "p" + i % 33),
                            AlertSubjects.of(SubjectRole.TARGET, SubjectType.PERSON, "t" + i % 1_000),
                            AlertSubjects.of(SubjectRole.TARGET, SubjectType.CAMERA, "c" + i % 32)))
                    .setTechniqueIds(List.of("T" + i))
                    .setAttributes(Map.of("fact-" + i, "yes", "latest", "" + i))
                    .build());
        }
        Alert alert = folded(OF_EACH, observations.toArray(Alert[]::new));
        assertThat(AlertSubjects.ids(alert, SubjectRole.TARGET, SubjectType.CAMERA))
                .hasSize(32)
                .startsWith("c0", "c1");
        assertThat(alert.getSubjects()).hasSize(96);
        assertThat(alert.getDistinct().get("target-camera")).isEqualTo(32);
        assertThat(alert.getDistinct().get("source-person")).isBetween(32L, 35L);
        assertThat(alert.getDistinct().get("target-person")).isBetween(950L, 1_050L);
        assertThat(alert.getObservationIds()).hasSize(32);
        assertThat(alert.getTechniqueIds()).hasSize(32);
        assertThat(alert.getAttributes()).hasSize(32).containsEntry("latest", "4999");
        assertThat(alert.getCount()).isEqualTo(5_000);
    }
}
