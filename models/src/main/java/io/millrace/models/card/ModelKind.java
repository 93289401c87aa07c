package io.millrace.models.card;

import java.io.IOException;
import java.nio.file.Path;

import org.apiguardian.api.API;

/**
 * A kind of model: how one is made of its folder, and which one ships with the build.
 *
 * @param <T> model
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelKind<T> {

    /** Makes a model of its folder. */
    @FunctionalInterface
    public interface Reader<T> {

        /**
         * Reads a model.
         *
         * @throws IOException if a file is missing, cannot be read or is not the one the card was written for
         * @throws IllegalArgumentException if it is a model of another kind, or its files do not belong together
         */
        T read(ModelFolder folder) throws IOException;
    }

    private final Class<?> beside;
    private final String shipped;
    private final Reader<T> reader;

    /**
     * A kind of model.
     *
     * @param beside a class of the module that carries the one that ships
     * @param shipped its folder of resources, see {@link ModelFolder#shipped}
     */
    public ModelKind(Class<?> beside, String shipped, Reader<T> reader) {
        this.beside = beside;
        this.shipped = shipped;
        this.reader = reader;
    }

    /** The model of a folder: {@link Reader#read}. */
    public T read(ModelFolder folder) throws IOException {
        return reader.read(folder);
    }

    /** The model of a directory: {@link Reader#read}. */
    public T load(Path directory) throws IOException {
        return read(ModelFolder.read(directory));
    }

    /**
     * The folder of the model that ships.
     *
     * @throws IOException if this build carries none
     */
    public ModelFolder shippedFolder() throws IOException {
        return ModelFolder.shipped(beside, shipped);
    }

    /** The model that ships: {@link #shippedFolder}. */
    public T shipped() throws IOException {
        return read(shippedFolder());
    }

    /** The model of a directory, or the one that ships where it is null. */
    public T loadOrShipped(Path directory) throws IOException {
        return directory == null ? shipped() : load(directory);
    }
}
