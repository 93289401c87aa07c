package io.millrace.jobs.intrusion;

import java.io.PrintWriter;
import java.util.Locale;

import io.millrace.models.intrusion.training.TrainingListener;

/** Shows how a training goes on: a bar that is drawn over itself within an epoch, one line an epoch that stays. */
public final class ProgressLine implements TrainingListener {

    private static final int BAR = 30;
    private static final long REDRAW_NANOS = 200_000_000L;

    private final PrintWriter out;
    private long drawn;
    private boolean open;

    public ProgressLine(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void phase(String name) {
        done();
        out.println(name);
        out.flush();
    }

    @Override
    public void batch(int epoch, int epochs, double done, double loss) {
        long now = System.nanoTime();
        if (now - drawn < REDRAW_NANOS || System.console() == null) {
            return;
        }
        drawn = now;
        int filled = (int) Math.round(done * BAR);
        out.printf(
                Locale.ROOT,
                "\repoch %d/%d [%s%s] loss %.4f ",
                epoch,
                epochs,
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                loss);
        out.flush();
        open = true;
    }

    @Override
    public void epoch(Epoch epoch) {
        if (open) {
            out.print('\r');
        }
        open = false;
        if (Double.isNaN(epoch.validationLoss())) {
            out.printf(Locale.ROOT, "epoch %d: loss %.4f%40s%n", epoch.number(), epoch.trainingLoss(), "");
        } else {
            out.printf(
                    Locale.ROOT,
                    "epoch %d: loss %.4f, validation loss %.4f, AUROC %.4f, average precision %.4f%n",
                    epoch.number(),
                    epoch.trainingLoss(),
                    epoch.validationLoss(),
                    epoch.auroc(),
                    epoch.averagePrecision());
        }
        out.flush();
    }

    /** Ends an open line. */
    public void done() {
        if (open) {
            out.println();
            open = false;
        }
        out.flush();
    }
}
