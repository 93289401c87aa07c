package io.millrace.models.speech.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.speech.training.SpeechTrainingListener.Validation;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Draws the word error rates of a training's validations, one curve a set and look-ahead, by CTC. */
public final class SpeechCurves {

    private static final double MOST = 60;

    private SpeechCurves() {}

    /** Writes a PNG of 1000 by 600 pixels; nothing where nothing was validated. Needs no display. */
    public static void write(List<Validation> validations, String title, Path file) throws IOException {
        if (validations.isEmpty()) {
            return;
        }
        System.setProperty("java.awt.headless", "true");
        XYChart chart = new XYChartBuilder()
                .width(1000)
                .height(600)
                .title(title)
                .xAxisTitle("updates")
                .yAxisTitle("word error rate by CTC, %")
                .theme(Styler.ChartTheme.Matlab)
                .build();
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(MOST);
        Map<String, List<Validation>> curves = new LinkedHashMap<>();
        for (Validation validation : validations) {
            curves.computeIfAbsent(
                            validation.set() + ", " + validation.lookAhead() * 80 + " ms", ignored -> new ArrayList<>())
                    .add(validation);
        }
        curves.forEach((curve, points) -> chart.addSeries(
                curve,
                points.stream().mapToDouble(Validation::step).toArray(),
                points.stream().mapToDouble(point -> 100 * point.ctc()).toArray()));
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }
}
