package io.millrace.connectors.media;

/**
 * A decoded picture, upright.
 *
 * @param width pixels of a row
 * @param height rows
 * @param rgb red, green and blue of each pixel, row after row from the top, 3 x width x height bytes
 * @param sourceWidth width as it was coded, after turning it upright
 * @param sourceHeight height as it was coded, after turning it upright
 */
public record Picture(int width, int height, byte[] rgb, int sourceWidth, int sourceHeight) {

    /** Checks the size. */
    public Picture {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    rgb.length + " bytes are no picture of " + width + " by " + height + " pixels");
        }
    }
}
