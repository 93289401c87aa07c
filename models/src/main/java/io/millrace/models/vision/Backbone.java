package io.millrace.models.vision;

import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A trained network whose inner features describe what a picture shows, place by place. */
public interface Backbone extends AutoCloseable {

    /**
     * A place where features are taken.
     *
     * @param name its name in the network
     * @param channels channels there
     * @param stride pixels of a side that a cell stands for
     */
    record Tap(String name, int channels, int stride) {}

    /** Where features are taken, the finest first. */
    List<Tap> taps();

    /** Device that it runs on. */
    Device device();

    /**
     * Features of pictures.
     *
     * @param pixels [B, 3, H, W], red, green, blue, 0 to 255; H and W divide by the largest stride
     * @return for each tap [B, channels, H / stride, W / stride]
     */
    List<NDArray> features(NDManager manager, NDArray pixels);

    /** SHA-256 of the weights in hexadecimal: features of one picture are the same where this is. */
    String digest();

    @Override
    void close();
}
