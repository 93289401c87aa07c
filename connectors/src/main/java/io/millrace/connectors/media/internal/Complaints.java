package io.millrace.connectors.media.internal;

import java.util.regex.Pattern;

/** What the libraries complain of while one thread is inside them. */
final class Complaints {
    private static final ThreadLocal<Complaints> CURRENT = new ThreadLocal<>();
    private static final Pattern ORIGIN = Pattern.compile("^\\[([^@\\]]*?) ?@ [^\\]]*\\] ");
    private static final int LONGEST = 200;

    private String first;

    /** Takes a message of a library on this thread. */
    static void heard(String message) {
        Complaints current = CURRENT.get();
        if (current != null && current.first == null) {
            current.first = readable(message);
        }
    }

    /** The message without the addresses in memory that stand before it. */
    static String readable(String message) {
        String text = message;
        for (String shorter = ORIGIN.matcher(text).replaceFirst("");
                !shorter.equals(text);
                shorter = ORIGIN.matcher(text).replaceFirst("")) {
            text = shorter;
        }
        text = text.strip().replaceAll("\\p{Cntrl}", " ");
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }

    /** Listens on this thread until the listener is closed, and forgets what was heard before. */
    Listening listen() {
        first = null;
        CURRENT.set(this);
        return CURRENT::remove;
    }

    /** The first complaint since {@link #listen}, null for none. */
    String first() {
        return first;
    }

    /** Ends the listening. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
