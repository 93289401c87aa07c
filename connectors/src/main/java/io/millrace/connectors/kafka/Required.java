package io.millrace.connectors.kafka;

/** Checks that the needed settings of a builder are there. */
final class Required {
    private Required() {}

    /** Takes names and values in turn; names the first that is null. */
    static void settings(Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] == null) {
                throw new IllegalStateException(namesAndValues[i] + " is not set");
            }
        }
    }
}
