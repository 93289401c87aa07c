package io.millrace.connectors.media;

import io.millrace.connectors.media.internal.PictureDecoder;

/**
 * Still pictures: JPEG, PNG, BMP, GIF, WebP and TIFF, of up to {@value #MAX_PIXELS} pixels. Of an animation the first picture
 * is read. What EXIF says of turning and mirroring is done; 16 bits, palettes, grey and CMYK become red, green and blue;
 * transparent parts show black.
 */
public final class Pictures {

    /** Most pixels of a coded picture. */
    public static final long MAX_PIXELS = 50_000_000;

    private Pictures() {}

    /**
     * Decodes a picture at its own size.
     *
     * @throws MediaFormatException if it is no picture, or is damaged; the message says what is wrong
     */
    public static Picture decode(byte[] bytes) throws MediaFormatException {
        return decode(bytes, 0, 0);
    }

    /**
     * Decodes a picture and brings it to a size, whatever its proportions, each pixel a weighed mean of those it covers.
     *
     * @throws MediaFormatException if it is no picture, or is damaged; the message says what is wrong
     */
    public static Picture decode(byte[] bytes, int width, int height) throws MediaFormatException {
        if (width < 0 || height < 0 || (width == 0) != (height == 0) || (long) width * height > MAX_PIXELS) {
            throw new IllegalArgumentException("no size of a picture: " + width + " by " + height);
        }
        try (PictureDecoder decoder = new PictureDecoder(bytes)) {
            return decoder.decode(width, height);
        }
    }
}
