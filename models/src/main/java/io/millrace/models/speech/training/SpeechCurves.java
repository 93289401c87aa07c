package io.millrace.models.speech.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.speech.training.SpeechTrainingListener.Validation;
import io.millrace.models.training.CurveChart;

/** Draws the word error rates of a training's validations, one curve a set and look-ahead, by CTC. */
public final class SpeechCurves {

    private static final double MOST = 60;

    private SpeechCurves() {}

    /** Writes a PNG; nothing where nothing was validated. */
    public static void write(List<Validation> validations, String title, Path file) throws IOException {
        CurveChart chart = new CurveChart(title, "updates", "word error rate by CTC, %").range(0, MOST);
        Map<String, List<Validation>> curves = new LinkedHashMap<>();
        for (Validation validation : validations) {
            curves.computeIfAbsent(
                            validation.set() + ", " + validation.lookAhead() * 80 + " ms", ignored -> new ArrayList<>())
                    .add(validation);
        }
        curves.forEach((curve, points) -> chart.add(
                curve,
                points.stream().mapToDouble(Validation::step).toArray(),
                points.stream().mapToDouble(point -> 100 * point.ctc()).toArray()));
        chart.write(file);
    }
}
