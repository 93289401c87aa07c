package io.millrace.models.camera.network;

import java.util.List;

/**
 * Sizes of a {@link Fod}.
 *
 * @param levels feature levels, the finest first
 * @param layers layers of each level
 * @param heads heads of each attention
 * @param feedForwardRatio width of the feed-forward part over that of the level
 * @param intra whether tokens attend to each other
 * @param inter whether tokens attend to the reference
 * @param outputProjection whether the weights hold a projection of the attention's output. The reference implementation
 *     makes one, computes it and throws the result away: it changes nothing, and no gradient reaches it.
 */
public record FodConfig(
        List<Level> levels,
        int layers,
        int heads,
        int feedForwardRatio,
        boolean intra,
        boolean inter,
        boolean outputProjection) {

    /** Added to a correlation before its logarithm. */
    static final float LOG_EPSILON = 1e-4f;

    /** Of layer norms. */
    static final float NORM_EPSILON = 1e-5f;

    /**
     * A feature level.
     *
     * @param channels channels of the backbone's features
     * @param side cells of a side: there are {@code side * side} tokens
     * @param width width d of the transformer
     */
    public record Level(int channels, int side, int width) {

        public Level {
            if (channels < 1 || side < 1 || width < 1) {
                throw new IllegalArgumentException(
                        "channels, side and width must be positive, got " + channels + ", " + side + " and " + width);
            }
        }

        /** Tokens. */
        public int tokens() {
            return side * side;
        }
    }

    public FodConfig {
        levels = List.copyOf(levels);
        if (levels.isEmpty() || layers < 1 || heads < 1 || feedForwardRatio < 1) {
            throw new IllegalArgumentException("a network needs levels, layers, heads and a feed-forward part");
        }
        for (Level level : levels) {
            if (level.width() % heads != 0 || level.width() % 4 != 0) {
                throw new IllegalArgumentException(
                        "width " + level.width() + " must divide into " + heads + " heads, and by 4 for positions");
            }
        }
        if (!intra && !inter) {
            throw new IllegalArgumentException("one of the correlations is needed");
        }
    }

    /** The network of the paper (section 3) on features of the given channels: 3 layers, 8 heads, ratio 4. */
    public static FodConfig standard(List<Level> levels) {
        return new FodConfig(levels, 3, 8, 4, true, true, false);
    }

    /** Numbers in the weights of a level. */
    public long parameterCount(int level) {
        return FodWeights.shapes(this, level).values().stream()
                .mapToLong(shape -> shape.size())
                .sum();
    }
}
