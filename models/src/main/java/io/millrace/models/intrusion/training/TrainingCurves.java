package io.millrace.models.intrusion.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Draws the figures of the epochs: losses on the left axis, validation AUROC and average precision on the right. */
final class TrainingCurves {

    private TrainingCurves() {}

    /** Writes a PNG of 900 by 500 pixels. Needs no display. */
    static void write(List<TrainingListener.Epoch> epochs, String title, Path file) throws IOException {
        System.setProperty("java.awt.headless", "true");
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(500)
                .title(title)
                .xAxisTitle("epoch")
                .yAxisTitle("loss")
                .theme(Styler.ChartTheme.Matlab)
                .build();
        chart.setYAxisGroupTitle(1, "validation AUROC, average precision");
        chart.getStyler().setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
        double[] x = epochs.stream().mapToDouble(TrainingListener.Epoch::number).toArray();
        add(
                chart,
                "training loss",
                x,
                epochs.stream()
                        .mapToDouble(TrainingListener.Epoch::trainingLoss)
                        .toArray(),
                0);
        add(
                chart,
                "validation loss",
                x,
                epochs.stream()
                        .mapToDouble(TrainingListener.Epoch::validationLoss)
                        .toArray(),
                0);
        add(
                chart,
                "AUROC",
                x,
                epochs.stream().mapToDouble(TrainingListener.Epoch::auroc).toArray(),
                1);
        add(
                chart,
                "average precision",
                x,
                epochs.stream()
                        .mapToDouble(TrainingListener.Epoch::averagePrecision)
                        .toArray(),
                1);
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }

    private static void add(XYChart chart, String name, double[] x, double[] y, int axis) {
        for (double value : y) {
            if (!Double.isFinite(value)) {
                return;
            }
        }
        chart.addSeries(name, x, y).setYAxisGroup(axis);
    }
}
