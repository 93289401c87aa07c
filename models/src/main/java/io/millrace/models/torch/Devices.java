package io.millrace.models.torch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ai.djl.Device;
import ai.djl.engine.Engine;

/** Device names of the configuration: {@code auto}, {@code cpu}, {@code gpu:N}. */
public final class Devices {

    private static final Pattern GPU = Pattern.compile("gpu:(\\d{1,3})");

    private Devices() {}

    /**
     * Device by name.
     *
     * @param name {@code auto} (the first GPU if the engine sees one, else the CPU), {@code cpu} or {@code gpu:N}
     * @throws IllegalArgumentException if the name is none of these or the engine does not see that GPU
     */
    public static Device parse(String name) {
        return parse(name, -1);
    }

    static Device parse(String name, int knownGpus) {
        String wanted = name == null ? "" : name.trim().toLowerCase(java.util.Locale.ROOT);
        if (wanted.equals("cpu")) {
            return Device.cpu();
        }
        Matcher gpu = GPU.matcher(wanted);
        if (!wanted.equals("auto") && !gpu.matches()) {
            throw new IllegalArgumentException("device must be auto, cpu or gpu:N, got '" + name + "'");
        }
        int gpus = knownGpus >= 0 ? knownGpus : visibleGpus();
        if (wanted.equals("auto")) {
            return gpus > 0 ? Device.gpu(0) : Device.cpu();
        }
        int index = Integer.parseInt(gpu.group(1));
        if (index >= gpus) {
            throw new IllegalArgumentException("device " + wanted + " does not exist: the engine sees " + gpus
                    + " GPU(s)" + (gpus == 0 ? "; a GPU needs a CUDA libtorch named by PYTORCH_LIBRARY_PATH" : ""));
        }
        return Device.gpu(index);
    }

    private static int visibleGpus() {
        EngineCheck.requireUsable();
        return Engine.getEngine("PyTorch").getGpuCount();
    }
}
