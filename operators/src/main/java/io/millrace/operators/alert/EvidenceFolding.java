package io.millrace.operators.alert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertEvidence;
import io.millrace.schemas.PictureEvidence;

/** Which evidence an alert holds: so many pieces and bytes at most, and what was left out is counted. */
final class EvidenceFolding {

    /** Pieces of evidence in an alert. */
    static final int MOST = 32;
    /** Bytes of all of them together, as they are written. */
    static final int MOST_BYTES = 512 * 1024;
    /** Bytes of a picture that is carried along; one that is larger can be referred to. */
    static final int MOST_PICTURE_BYTES = 64 * 1024;

    private EvidenceFolding() {}

    /** Takes over what an observation brings; the alert has still the score that it had before. */
    static void fold(Alert alert, Alert one, AlertSource.Evidence kept) {
        if (kept == AlertSource.Evidence.OF_THE_STRONGEST) {
            if (!(one.getScore() > alert.getScore())) {
                return;
            }
            Set<Class<?>> brought =
                    one.getEvidence().stream().map(EvidenceFolding::payload).collect(Collectors.toSet());
            // A list that was read from state can be added to, but its iterator removes nothing.
            alert.setEvidence(alert.getEvidence().stream()
                    .filter(piece -> !brought.contains(payload(piece)))
                    .collect(Collectors.toCollection(ArrayList::new)));
        }
        one.getEvidence().forEach(piece -> add(alert, piece));
    }

    private static Class<?> payload(AlertEvidence piece) {
        return Stream.of(piece.getFlow(), piece.getField(), piece.getWords(), piece.getPicture(), piece.getWaveform())
                .filter(Objects::nonNull)
                .findFirst()
                .<Class<?>>map(Object::getClass)
                .orElse(AlertEvidence.class);
    }

    private static void add(Alert alert, AlertEvidence given) {
        AlertEvidence piece = withoutLargePicture(given);
        List<AlertEvidence> held = alert.getEvidence();
        if (piece == null || held.size() == MOST || bytes(held) + bytes(piece) > MOST_BYTES) {
            alert.setEvidenceOmitted(alert.getEvidenceOmitted() + 1);
        } else {
            held.add(piece);
        }
    }

    /** A picture that is too large is only referred to; null if it says nowhere where it lies. */
    private static AlertEvidence withoutLargePicture(AlertEvidence piece) {
        PictureEvidence picture = piece.getPicture();
        if (picture == null || picture.getData() == null || picture.getData().remaining() <= MOST_PICTURE_BYTES) {
            return piece;
        }
        if (picture.getUri() == null) {
            return null;
        }
        AlertEvidence referring = AlertEvidence.newBuilder(piece).build();
        referring.getPicture().setData(null);
        return referring;
    }

    private static int bytes(List<AlertEvidence> pieces) {
        return pieces.stream().mapToInt(EvidenceFolding::bytes).sum();
    }

    private static int bytes(AlertEvidence piece) {
        try {
            return AlertEvidence.getEncoder().encode(piece).remaining();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
