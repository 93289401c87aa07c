package io.millrace.connectors.registry.internal;

import java.util.List;

/** One attempt at each request to a schema registry; schemas travel as JSON text. */
public interface RegistryClient {

    /** Registers a schema under a subject, or finds that it is; gives its id. */
    int register(String subject, String schema) throws NotAnswering, Refused, Denied;

    /** Finds the id of a schema under a subject. */
    int lookUp(String subject, String schema) throws NotAnswering, Refused, Denied;

    /** Fetches the schema of an id. */
    String schemaById(int id) throws NotAnswering, Refused, Denied;

    /** What stands against a schema as the next version of a subject. */
    List<String> incompatibilities(String subject, String schema) throws NotAnswering, Refused, Denied;

    /** The registry could not be reached, or answered that it cannot serve now. */
    final class NotAnswering extends Exception {
        public NotAnswering(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The registry answered that it does not know us, or does not allow us this: definite, and about no schema. */
    final class Denied extends Exception {
        public Denied(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The registry answered, and the answer is no. */
    final class Refused extends Exception {
        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
