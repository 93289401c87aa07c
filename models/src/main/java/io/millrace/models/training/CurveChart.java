package io.millrace.models.training;

import java.io.IOException;
import java.nio.file.Path;

import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** A picture of how a training went: figures over its updates or epochs, on one axis or two. Needs no display. */
public final class CurveChart {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 600;

    private final XYChart chart;
    private boolean empty = true;

    /** A chart without curves yet; {@code y} names the left axis. */
    public CurveChart(String title, String x, String y) {
        System.setProperty("java.awt.headless", "true");
        chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .theme(Styler.ChartTheme.Matlab)
                .build();
    }

    /** Limits the left axis. */
    public CurveChart range(double least, double most) {
        chart.getStyler().setYAxisMin(least).setYAxisMax(most);
        return this;
    }

    /** Names the right axis. */
    public CurveChart right(String y) {
        chart.setYAxisGroupTitle(1, y);
        chart.getStyler().setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
        return this;
    }

    /** A curve by the left axis. */
    public CurveChart add(String name, double[] x, double[] y) {
        return add(name, x, y, 0);
    }

    /** A curve by the right axis. */
    public CurveChart addRight(String name, double[] x, double[] y) {
        return add(name, x, y, 1);
    }

    /** Curves that were not measured throughout (NaN) are left out. */
    private CurveChart add(String name, double[] x, double[] y, int axis) {
        for (double value : y) {
            if (!Double.isFinite(value)) {
                return this;
            }
        }
        chart.addSeries(name, x, y).setYAxisGroup(axis);
        empty = false;
        return this;
    }

    /** Writes a PNG of 1000 by 600 pixels; nothing where there is no curve. */
    public void write(Path file) throws IOException {
        if (!empty) {
            BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
        }
    }
}
