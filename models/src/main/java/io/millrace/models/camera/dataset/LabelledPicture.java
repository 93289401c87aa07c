package io.millrace.models.camera.dataset;

import java.nio.file.Path;

/**
 * A picture of a data set.
 *
 * @param file where it is
 * @param kind {@link #NORMAL}, or the kind of what is wrong with it
 * @param mask picture of where that is, white on black; null if nothing is, or if it is not known
 * @param isTest whether it is kept for judging alone
 */
public record LabelledPicture(Path file, String kind, Path mask, boolean isTest) {

    /** Kind of a picture on which nothing is wrong. */
    public static final String NORMAL = "normal";

    /** Whether nothing is wrong. */
    public boolean isNormal() {
        return kind.equals(NORMAL);
    }
}
