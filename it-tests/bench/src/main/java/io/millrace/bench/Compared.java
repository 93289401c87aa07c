package io.millrace.bench;

/** One way to do the same work, whose speed is compared with that of others; an enum lists them. */
interface Compared {

    /** What it is called in reports. */
    String letter();

    /** What it is, in a few words. */
    String description();

    /** Whether it is ours, which the others are held against. */
    boolean isOurs();
}
