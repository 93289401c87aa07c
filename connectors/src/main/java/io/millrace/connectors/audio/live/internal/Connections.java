package io.millrace.connectors.audio.live.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.millrace.schemas.Transcript;

/** Who is connected, and whose stream is whose. Safe for use by many threads. */
public final class Connections {
    private final int limit;
    private final Set<SpeechConnection> connected = ConcurrentHashMap.newKeySet();
    private final Map<String, SpeechConnection> byStream = new ConcurrentHashMap<>();
    private final ReleasedStreams released = new ReleasedStreams();
    private final AtomicLong malformed = new AtomicLong();
    private int admitted;

    public Connections(int limit) {
        this.limit = limit;
    }

    /** Takes one of the places; false if none is free. */
    synchronized boolean admit() {
        if (admitted >= limit) {
            return false;
        }
        admitted++;
        return true;
    }

    /** Gives a place back. */
    synchronized void release() {
        admitted--;
    }

    /** Counts a call that ended since it was malformed: how many there were with it. */
    long malformed() {
        return malformed.incrementAndGet();
    }

    int limit() {
        return limit;
    }

    void add(SpeechConnection connection) {
        connected.add(connection);
    }

    synchronized void remove(SpeechConnection connection) {
        connected.remove(connection);
        notifyAll();
    }

    /** Makes a stream that of a connection; false if it is another's, or has results to come that are another's. */
    synchronized boolean claim(String streamId, SpeechConnection connection) {
        return !released.holds(streamId, System.nanoTime()) && byStream.putIfAbsent(streamId, connection) == null;
    }

    /** The connection is done with its stream, of which {@code results} may have some to come. */
    synchronized void giveUp(String streamId, SpeechConnection connection, StreamResults results) {
        if (byStream.remove(streamId, connection) && results.awaited() > 0) {
            released.hold(streamId, results, System.nanoTime());
        }
    }

    /** Clients whose connection is open. */
    public int connected() {
        return connected.size();
    }

    /** Hands a result to its client. */
    public void deliver(Transcript transcript) {
        SpeechConnection connection = byStream.get(transcript.getStreamId());
        if (connection != null) {
            connection.deliver(transcript);
        } else {
            released.deliver(transcript);
        }
    }

    /** Ends every stream, and waits until its client has closed the connection, or for so long. */
    public synchronized void stopAll(Duration limit) {
        connected.forEach(SpeechConnection::stop);
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (long left = limit.toMillis();
                    !connected.isEmpty() && left > 0;
                    left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
