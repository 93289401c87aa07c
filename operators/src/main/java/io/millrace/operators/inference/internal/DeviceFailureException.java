package io.millrace.operators.inference.internal;

/** The model or its device does not work: no record is to blame for what could not be answered. */
public final class DeviceFailureException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** {@code cause}: what the trial of the model, or the last step, ended with. */
    DeviceFailureException(String message, RuntimeException cause) {
        super(message, cause);
    }
}
