package io.millrace.operators.inference;

import java.io.Serializable;

import io.millrace.models.streaming.ModelId;
import org.apiguardian.api.API;

/**
 * Where a version of a model is to be had.
 *
 * @param name name of the model
 * @param version version
 * @param location directory or URI; what it means is the {@link ModelLoader}'s business
 * @param sha256 SHA-256 of the weights in hexadecimal, or empty where none is demanded
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record ModelReference(String name, String version, String location, String sha256) implements Serializable {

    public ModelReference {
        new ModelId(name, version);
        sha256 = sha256 == null ? "" : sha256;
        if (location == null) {
            throw new IllegalArgumentException("model " + name + ":" + version + " has no location");
        }
    }

    public ModelId id() {
        return new ModelId(name, version);
    }
}
