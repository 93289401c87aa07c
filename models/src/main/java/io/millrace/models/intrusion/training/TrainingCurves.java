package io.millrace.models.intrusion.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

import io.millrace.models.intrusion.training.TrainingListener.Epoch;
import io.millrace.models.training.CurveChart;

/** Draws the figures of the epochs: losses on the left axis, validation AUROC and average precision on the right. */
final class TrainingCurves {

    private TrainingCurves() {}

    static void write(List<Epoch> epochs, String title, Path file) throws IOException {
        double[] x = of(epochs, Epoch::number);
        new CurveChart(title, "epoch", "loss")
                .right("validation AUROC, average precision")
                .add("training loss", x, of(epochs, Epoch::trainingLoss))
                .add("validation loss", x, of(epochs, Epoch::validationLoss))
                .addRight("AUROC", x, of(epochs, Epoch::auroc))
                .addRight("average precision", x, of(epochs, Epoch::averagePrecision))
                .write(file);
    }

    private static double[] of(List<Epoch> epochs, ToDoubleFunction<Epoch> figure) {
        return epochs.stream().mapToDouble(figure).toArray();
    }
}
