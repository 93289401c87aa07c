package io.millrace.models.camera.training;

import java.util.Random;

/**
 * Makes something wrong on a normal picture, so that scorers can be chosen without pictures of real defects: a piece of the
 * picture moved elsewhere (CutPaste, Li et al., arXiv 2104.04015), a spot lighter or darker, a scratch, a blur. Each has an
 * irregular edge and a strength drawn from weak to strong.
 */
public final class SyntheticDefects {

    private final int size;
    private final Random random;

    /**
     * Defects for pictures of a size.
     *
     * @param size pixels of a side
     */
    public SyntheticDefects(int size, long seed) {
        this.size = size;
        this.random = new Random(seed);
    }

    /**
     * A picture with something wrong.
     *
     * @param rgb the picture, 3 x size x size bytes
     * @param mask where it is wrong, by pixel
     */
    public record Defective(byte[] rgb, boolean[] mask) {}

    /** A defect of a kind that is drawn. */
    public Defective on(byte[] normal) {
        byte[] rgb = normal.clone();
        boolean[] mask = random.nextInt(3) == 0 ? scratch() : spot();
        switch (random.nextInt(4)) {
            case 0 -> moved(normal, rgb, mask);
            case 1 -> shaded(rgb, mask);
            case 2 -> blurred(normal, rgb, mask);
            default -> noisy(rgb, mask);
        }
        return new Defective(rgb, mask);
    }

    /** A round spot with a wavy edge. */
    private boolean[] spot() {
        boolean[] mask = new boolean[size * size];
        double radius = size * (0.015 + 0.07 * random.nextDouble());
        double stretch = 0.5 + random.nextDouble();
        double x = radius + random.nextDouble() * (size - 2 * radius);
        double y = radius + random.nextDouble() * (size - 2 * radius);
        double[] waves = {random.nextDouble() * 6, random.nextDouble() * 6, random.nextDouble() * 6};
        for (int v = 0; v < size; v++) {
            for (int u = 0; u < size; u++) {
                double dx = (u - x) / stretch;
                double dy = (v - y) * stretch;
                double angle = Math.atan2(dy, dx);
                double edge = radius
                        * (1
                                + 0.2 * Math.sin(2 * angle + waves[0])
                                + 0.15 * Math.sin(3 * angle + waves[1])
                                + 0.1 * Math.sin(5 * angle + waves[2]));
                mask[v * size + u] = dx * dx + dy * dy < edge * edge;
            }
        }
        return mask;
    }

    /** A line that wanders. */
    private boolean[] scratch() {
        boolean[] mask = new boolean[size * size];
        double x = random.nextDouble() * size;
        double y = random.nextDouble() * size;
        double angle = random.nextDouble() * 2 * Math.PI;
        double half = size * (0.004 + 0.012 * random.nextDouble());
        int steps = (int) (size * (0.1 + 0.3 * random.nextDouble()));
        for (int step = 0; step < steps; step++) {
            angle += (random.nextDouble() - 0.5) * 0.2;
            x += Math.cos(angle);
            y += Math.sin(angle);
            for (int v = (int) (y - half); v <= y + half; v++) {
                for (int u = (int) (x - half); u <= x + half; u++) {
                    if (u >= 0 && v >= 0 && u < size && v < size) {
                        mask[v * size + u] = true;
                    }
                }
            }
        }
        return mask;
    }

    private void moved(byte[] normal, byte[] rgb, boolean[] mask) {
        int dx = size / 8 + random.nextInt(size / 2);
        int dy = size / 8 + random.nextInt(size / 2);
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                int from = (i / size + dy) % size * size + (i % size + dx) % size;
                System.arraycopy(normal, 3 * from, rgb, 3 * i, 3);
            }
        }
    }

    private void shaded(byte[] rgb, boolean[] mask) {
        int change = (random.nextBoolean() ? 1 : -1) * (20 + random.nextInt(70));
        int[] tint = {random.nextInt(31) - 15, random.nextInt(31) - 15, random.nextInt(31) - 15};
        for (int i = 0; i < rgb.length; i++) {
            if (mask[i / 3]) {
                rgb[i] = clamped((rgb[i] & 0xff) + change + tint[i % 3]);
            }
        }
    }

    private void noisy(byte[] rgb, boolean[] mask) {
        double strength = 15 + random.nextInt(50);
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                double noise = random.nextGaussian() * strength;
                for (int c = 0; c < 3; c++) {
                    rgb[3 * i + c] = clamped((rgb[3 * i + c] & 0xff) + noise);
                }
            }
        }
    }

    private void blurred(byte[] normal, byte[] rgb, boolean[] mask) {
        int reach = 2 + random.nextInt(3);
        int shade = random.nextInt(41) - 20;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                for (int c = 0; c < 3; c++) {
                    int sum = 0;
                    int count = 0;
                    for (int v = Math.max(0, i / size - reach); v <= Math.min(size - 1, i / size + reach); v++) {
                        for (int u = Math.max(0, i % size - reach); u <= Math.min(size - 1, i % size + reach); u++) {
                            sum += normal[3 * (v * size + u) + c] & 0xff;
                            count++;
                        }
                    }
                    rgb[3 * i + c] = clamped((double) sum / count + shade);
                }
            }
        }
    }

    private static byte clamped(double value) {
        return (byte) Math.max(0, Math.min(255, Math.round(value)));
    }
}
