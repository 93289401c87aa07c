package io.millrace.jobs.deadletter;

/**
 * Where a dead letter lies in its topic.
 *
 * @param partition partition
 * @param offset offset
 */
public record LetterAddress(int partition, long offset) {

    /**
     * Reads {@code PARTITION:OFFSET}.
     *
     * @throws IllegalArgumentException if it is not written so
     */
    public static LetterAddress parse(String text) {
        if (!text.matches("\\d{1,9}:\\d{1,18}")) {
            throw new IllegalArgumentException("a letter is named PARTITION:OFFSET as list shows it, got " + text);
        }
        String[] parts = text.split(":");
        return new LetterAddress(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }

    @Override
    public String toString() {
        return partition + ":" + offset;
    }
}
