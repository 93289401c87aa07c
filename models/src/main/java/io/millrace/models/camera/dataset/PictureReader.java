package io.millrace.models.camera.dataset;

import java.io.IOException;
import java.nio.file.Path;

/** Decodes pictures; given by whoever has a decoder. */
@FunctionalInterface
public interface PictureReader {

    /**
     * Reads a picture at a size.
     *
     * @param size pixels of a side
     * @return red, green and blue of each pixel, row after row, 3 x size x size bytes
     * @throws IOException if it is no picture, or is damaged
     */
    byte[] read(Path file, int size) throws IOException;
}
