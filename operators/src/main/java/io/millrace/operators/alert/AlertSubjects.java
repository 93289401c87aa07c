package io.millrace.operators.alert;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertSubject;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;
import org.apiguardian.api.API;

/** Subjects of alerts: the first of each role and type are listed, and how many there were is counted. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AlertSubjects {

    /** Subjects of one role and type that are listed in an alert. */
    static final int MOST = 32;

    private AlertSubjects() {}

    /** A subject of which there is nothing more to say. */
    public static AlertSubject of(SubjectRole role, SubjectType type, String id) {
        return new AlertSubject(type, id, role, Map.of());
    }

    /** Names of the listed subjects of a role and type, first seen first. */
    public static List<String> ids(Alert alert, SubjectRole role, SubjectType type) {
        return alert.getSubjects().stream()
                .filter(subject -> subject.getRole() == role && subject.getType() == type)
                .map(AlertSubject::getId)
                .toList();
    }

    /** How many subjects of a role and type there were; an estimate where not all are listed. */
    public static long count(Alert alert, SubjectRole role, SubjectType type) {
        return alert.getDistinct().getOrDefault(group(role, type), 0L);
    }

    private static String group(SubjectRole role, SubjectType type) {
        return role.name().toLowerCase(Locale.ROOT) + "-" + type.name().toLowerCase(Locale.ROOT);
    }

    /** Adds a subject to the alert of a state. */
    static void add(AlertState state, AlertSubject subject) {
        List<AlertSubject> listed = state.alert.getSubjects();
        int alike = 0;
        for (AlertSubject known : listed) {
            if (known.getRole() == subject.getRole() && known.getType() == subject.getType()) {
                if (known.getId().equals(subject.getId())) {
                    return;
                }
                alike++;
            }
        }
        String group = group(subject.getRole(), subject.getType());
        if (alike < MOST) {
            listed.add(subject);
            state.alert.getDistinct().put(group, alike + 1L);
            return;
        }
        long[] seen = state.seen.computeIfAbsent(group, ignored -> seen(state.alert, subject));
        DistinctCounter.add(seen, subject.getId().hashCode());
        state.alert.getDistinct().put(group, Math.max(MOST, DistinctCounter.estimate(seen)));
    }

    private static long[] seen(Alert alert, AlertSubject like) {
        long[] seen = new long[DistinctCounter.WORDS];
        ids(alert, like.getRole(), like.getType()).forEach(id -> DistinctCounter.add(seen, id.hashCode()));
        return seen;
    }
}
