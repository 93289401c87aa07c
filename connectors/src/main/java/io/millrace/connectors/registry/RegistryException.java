package io.millrace.connectors.registry;

/**
 * The schema registry gave no schema or id. The subclasses say which of four things happened: it does not know
 * ({@link UnknownSchema}), it refuses ({@link Rejected}), it does not let us in ({@link Denied}), or it could not be
 * asked ({@link Outage}).
 */
public abstract sealed class RegistryException extends RuntimeException {
    private RegistryException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The registry answered that it has no schema of this id: definite, and a fault of the record. */
    public static final class UnknownSchema extends RegistryException {
        public UnknownSchema(int id, Throwable cause) {
            super("The schema registry knows no schema with id " + id, cause);
        }
    }

    /** The registry answered that it does not take this schema, or that it is not registered: definite. */
    public static final class Rejected extends RegistryException {
        public Rejected(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The registry does not accept the credentials, or not for this: definite, and says nothing about any record. */
    public static final class Denied extends RegistryException {
        public Denied(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The registry could not be asked within the outage limit: says nothing about any record. */
    public static final class Outage extends RegistryException {
        public Outage(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
