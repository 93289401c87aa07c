package io.millrace.models.intrusion.dataset;

import java.io.IOException;
import java.nio.file.Path;

/** A table of flows that cannot be read, with the place and what is wrong there. */
public final class FlowTableException extends IOException {

    private static final long serialVersionUID = 1;

    FlowTableException(Path file, long line, String problem) {
        super(file.getFileName() + " line " + line + ": " + problem);
    }
}
