package io.millrace.operators.inference.internal;

/** Hands work to the task thread, which alone touches keyed state and emits. */
public interface Mailbox {

    /**
     * Puts work behind what waits already. Any thread may call this.
     *
     * @param mail what the task thread is to do
     * @param what the same in words, for a stack trace
     * @return false if the task is over, so that the work will never be done
     */
    boolean post(Runnable mail, String what);

    /** On the task thread: waits for one piece of work and does it. */
    void yield() throws InterruptedException;
}
