package io.millrace.models.evaluation;

/**
 * Turns a logit into a probability for a stated prior: p = sigmoid(slope · logit + offset), fitted on flows kept from
 * training by maximum likelihood with the smoothed targets of Platt (1999), then shifted from the prior of those flows to
 * the one expected in service.
 *
 * @param slope positive factor of the logit
 * @param offset addend
 */
public record PlattCalibration(double slope, double offset) {

    /** Leaves a logit as it is. */
    public static final PlattCalibration IDENTITY = new PlattCalibration(1, 0);

    private static final int ITERATIONS = 100;

    public PlattCalibration {
        if (!(slope > 0) || !Double.isFinite(slope) || !Double.isFinite(offset)) {
            throw new IllegalArgumentException("calibration needs a positive slope, got " + slope + " and " + offset);
        }
    }

    /** Calibrated probability of a logit. */
    public double probability(double logit) {
        return sigmoid(slope * logit + offset);
    }

    /** Logit that is calibrated to a probability. */
    public double logit(double probability) {
        return (Math.log(probability / (1 - probability)) - offset) / slope;
    }

    /**
     * Fits on labelled logits by Newton steps.
     *
     * @param logits logits of flows kept from training
     * @param attack their truth
     * @return the calibration; {@link #IDENTITY} if one class is empty or higher logits do not mean attack
     */
    public static PlattCalibration fit(double[] logits, boolean[] attack) {
        double positives = 0;
        for (boolean value : attack) {
            positives += value ? 1 : 0;
        }
        double negatives = attack.length - positives;
        if (positives == 0 || negatives == 0) {
            return IDENTITY;
        }
        double high = (positives + 1) / (positives + 2);
        double low = 1 / (negatives + 2);
        double a = 1;
        double b = 0;
        double loss = loss(a, b, logits, attack, high, low);
        for (int i = 0; i < ITERATIONS; i++) {
            double ga = 0;
            double gb = 0;
            double haa = 1e-9;
            double hab = 0;
            double hbb = 1e-9;
            for (int n = 0; n < logits.length; n++) {
                double p = sigmoid(a * logits[n] + b);
                double error = p - (attack[n] ? high : low);
                double weight = p * (1 - p);
                ga += error * logits[n];
                gb += error;
                haa += weight * logits[n] * logits[n];
                hab += weight * logits[n];
                hbb += weight;
            }
            double determinant = haa * hbb - hab * hab;
            double da = (hbb * ga - hab * gb) / determinant;
            double db = (haa * gb - hab * ga) / determinant;
            double step = 1;
            double next = loss(a - da, b - db, logits, attack, high, low);
            while (!(next <= loss) && step > 1e-6) {
                step /= 2;
                next = loss(a - step * da, b - step * db, logits, attack, high, low);
            }
            if (!(next <= loss)) {
                break;
            }
            a -= step * da;
            b -= step * db;
            boolean done = loss - next < 1e-9 * logits.length;
            loss = next;
            if (done) {
                break;
            }
        }
        return a > 0 && Double.isFinite(a) && Double.isFinite(b) ? new PlattCalibration(a, b) : IDENTITY;
    }

    /** The same calibration for another share of attacks, by Bayes' rule. */
    public PlattCalibration forPrior(double fittedPrior, double servicePrior) {
        return new PlattCalibration(slope, offset + logOdds(servicePrior) - logOdds(fittedPrior));
    }

    private static double logOdds(double p) {
        return Math.log(p / (1 - p));
    }

    private static double loss(double a, double b, double[] logits, boolean[] attack, double high, double low) {
        double loss = 0;
        for (int n = 0; n < logits.length; n++) {
            double z = a * logits[n] + b;
            loss += Math.max(z, 0) - z * (attack[n] ? high : low) + Math.log1p(Math.exp(-Math.abs(z)));
        }
        return loss;
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
