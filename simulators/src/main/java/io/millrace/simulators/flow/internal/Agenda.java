package io.millrace.simulators.flow.internal;

import java.util.PriorityQueue;

/** Actors in order of their next act; ties in order of entry. */
final class Agenda {
    private record Entry(long time, long order, Actor actor) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long order;

    void add(long time, Actor actor) {
        if (time != Actor.DONE) {
            entries.add(new Entry(time, order++, actor));
        }
    }

    /** Returns the time of the next act, or {@link Actor#DONE}. */
    long nextTime() {
        return entries.isEmpty() ? Actor.DONE : entries.peek().time();
    }

    /** Runs the next act. */
    void actNext() {
        Entry entry = entries.poll();
        long next = entry.actor().act(entry.time());
        add(next == Actor.DONE ? next : Math.max(next, entry.time()), entry.actor());
    }
}
