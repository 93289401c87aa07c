package io.millrace.connectors.media;

import java.util.Locale;

/**
 * A place at which something of an input could not be read. Reading went on behind it.
 *
 * @param position byte of the input, at or shortly before the damage
 * @param seconds length of the sound decoded until then
 * @param what what was wrong there
 */
public record Damage(long position, double seconds, String what) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "byte %d, at %.3f s: %s", position, seconds, what);
    }
}
