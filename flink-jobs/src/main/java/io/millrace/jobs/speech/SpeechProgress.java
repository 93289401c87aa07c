package io.millrace.jobs.speech;

import java.io.PrintWriter;
import java.util.Locale;

import io.millrace.models.speech.training.SpeechTrainingListener;

/** Shows how the training of a recogniser goes on: a line that is drawn over itself, one for each validation that stays. */
final class SpeechProgress implements SpeechTrainingListener {

    private static final int KEPT_EVERY = 200;

    private final PrintWriter out;
    private final long start = System.nanoTime();
    private boolean open;
    private int kept;

    SpeechProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void progress(Progress progress) {
        boolean terminal = System.console() != null;
        if (!terminal && progress.step() < kept) {
            return;
        }
        kept = progress.step() + KEPT_EVERY;
        out.printf(
                Locale.ROOT,
                "%sstep %d/%d, %.0f s: ctc %.3f, rnnt %.3f, padding %.1f %%, %.0f s of audio a second",
                terminal ? "\r" : "",
                progress.step(),
                progress.steps(),
                (System.nanoTime() - start) / 1e9,
                progress.ctc(),
                progress.transducer(),
                100 * progress.padding(),
                progress.audioPerSecond());
        open = terminal;
        if (!terminal) {
            out.println();
        }
        out.flush();
    }

    @Override
    public void validated(Validation validation) {
        done();
        out.printf(
                Locale.ROOT,
                "  %s, look-ahead %d ms: WER %.2f %% by CTC, %.2f %% by RNNT%n",
                validation.set(),
                validation.lookAhead() * 80,
                100 * validation.ctc(),
                100 * validation.transducer());
        out.flush();
    }

    /** Ends an open line. */
    void done() {
        if (open) {
            out.println();
            open = false;
        }
        out.flush();
    }
}
