package io.millrace.it.sensor;

import java.util.ArrayList;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.streaming.TensorSpec;

/** A network without weights: the mean of the latest readings of each sensor, which are its state. */
final class MovingAverage implements StreamingModel<Double, MovingAverage.Mean> {

    /** The mean of so many readings. */
    record Mean(double value, int readings) {}

    private final ModelId id;
    private final Device device;
    private final int most;
    private final StateSpec state;

    MovingAverage(ModelId id, Device device, int most) {
        this.id = id;
        this.device = device;
        this.most = most;
        this.state = new StateSpec(List.of(
                new TensorSpec("ring", DataType.FLOAT64, new Shape(most)),
                new TensorSpec("count", DataType.INT64, new Shape(1))));
    }

    @Override
    public ModelId id() {
        return id;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public StateSpec stateSpec() {
        return state;
    }

    @Override
    public List<Mean> step(List<Double> inputs, StateBatch states) {
        double[] values = inputs.stream().mapToDouble(Double::doubleValue).toArray();
        NDArray value = states.manager().create(values);
        NDArray ring = states.get(0);
        NDArray count = states.get(1);
        NDArray place = count.mod(most).flatten();
        // The oldest reading leaves as the new one comes.
        NDArray others = place.oneHot(most).mul(-1).add(1).toType(DataType.FLOAT64, false);
        NDArray readings = count.add(1).minimum(most).flatten();
        NDArray mean = ring.mul(others).sum(new int[] {1}).add(value).div(readings.toType(DataType.FLOAT64, false));
        states.putRow(0, place, value);
        states.put(1, count.add(1));
        double[] means = mean.toDoubleArray();
        long[] counts = readings.toLongArray();
        List<Mean> outputs = new ArrayList<>(means.length);
        for (int i = 0; i < means.length; i++) {
            outputs.add(new Mean(means[i], (int) counts[i]));
        }
        return outputs;
    }

    @Override
    public List<List<Double>> trialInputs() {
        return List.of(List.of(1.0, 2.0));
    }

    @Override
    public boolean isFinite(Mean output) {
        return Double.isFinite(output.value());
    }

    @Override
    public void close() {}
}
