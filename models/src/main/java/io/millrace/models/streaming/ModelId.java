package io.millrace.models.streaming;

import org.apiguardian.api.API;

/**
 * Name and version of a model, as they stand in its card.
 *
 * @param name name, the same over all versions
 * @param version version
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record ModelId(String name, String version) {

    public ModelId {
        if (name == null || name.isBlank() || version == null || version.isBlank()) {
            throw new IllegalArgumentException("a model needs a name and a version, got " + name + " and " + version);
        }
    }

    @Override
    public String toString() {
        return name + ":" + version;
    }
}
