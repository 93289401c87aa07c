package io.millrace.models.camera.scoring;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.checkpoint.HostTensor;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/** Distance of Mahalanobis to the mean at the same place, with one covariance of the remainders of all places. */
record SharedCovariance(NDManager manager, NDArray mean, NDArray whitening) implements Scorer {

    /** Added to the variance along each axis, of the mean variance: directions without any must not decide. */
    private static final double RIDGE = 0.01;

    static SharedCovariance of(NDArray features) {
        NDManager own = features.getManager().newSubManager();
        NDArray mean = features.mean(new int[] {0});
        long channels = features.getShape().get(2);
        NDArray rest = features.sub(mean).reshape(-1, channels);
        double count = Math.max(1, rest.getShape().get(0));
        float[] covariance = rest.transpose().matMul(rest).div(count).toFloatArray();
        mean.attach(own);
        NDArray whitening = own.create(whitening(covariance, Math.toIntExact(channels)), new Shape(channels, channels));
        return new SharedCovariance(own, mean, whitening);
    }

    /** A matrix that makes the covariance one: eigenvectors over the roots of their eigenvalues. */
    private static float[] whitening(float[] covariance, int channels) {
        double[][] matrix = new double[channels][channels];
        double trace = 0;
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j < channels; j++) {
                matrix[i][j] = (covariance[i * channels + j] + covariance[j * channels + i]) / 2.0;
            }
            trace += matrix[i][i];
        }
        double ridge = RIDGE * trace / channels + 1e-12;
        EigenDecomposition eigen = new EigenDecomposition(new Array2DRowRealMatrix(matrix, false));
        float[] whitening = new float[channels * channels];
        for (int k = 0; k < channels; k++) {
            double scale = 1 / Math.sqrt(Math.max(0, eigen.getRealEigenvalue(k)) + ridge);
            for (int i = 0; i < channels; i++) {
                whitening[i * channels + k] = (float) (eigen.getEigenvector(k).getEntry(i) * scale);
            }
        }
        return whitening;
    }

    @Override
    public Kind kind() {
        return Kind.SHARED;
    }

    @Override
    public NDArray score(NDArray features) {
        return features.sub(mean).matMul(whitening).square().mean(new int[] {2}).sqrt();
    }

    @Override
    public Map<String, HostTensor> tensors() {
        return Map.of("mean", HostTensor.of(mean), "whitening", HostTensor.of(whitening));
    }

    @Override
    public void close() {
        manager.close();
    }
}
