package io.millrace.connectors.audio.live;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;

import io.millrace.schemas.audio.Resampler;

/**
 * Limits of a {@link SpeechServer}.
 *
 * @param address address to listen on; port 0 takes a free one
 * @param defaultSampleRate rate of a client that says none, samples a second; see {@link Resampler#accepts}
 * @param allowedOrigins origins of web pages that may connect; a browser's connection from any other is refused, so that
 *     no page that somebody looks at can listen to a server on their machine
 * @param maxConnections clients at a time, at least 1
 * @param maxMessageBytes longest message of a client, 1 KiB to 16 MiB
 * @param maxUnderWayBytes audio of one client that is not yet delivered; beyond it the client's socket is not read
 * @param chunkMillis length of a chunk, 10 to 1000 ms
 * @param idleTimeout how long a client may send nothing before its stream is ended
 * @param pingInterval time between heartbeats; a client that answers none of three is taken for gone
 * @param resultTimeout how long the next result is waited for after the end of the audio
 */
public record SpeechServerSettings(
        InetSocketAddress address,
        int defaultSampleRate,
        Set<String> allowedOrigins,
        int maxConnections,
        int maxMessageBytes,
        int maxUnderWayBytes,
        int chunkMillis,
        Duration idleTimeout,
        Duration pingInterval,
        Duration resultTimeout) {
    public SpeechServerSettings {
        allowedOrigins = Set.copyOf(allowedOrigins);
        require(
                Resampler.accepts(defaultSampleRate),
                "a default sample rate of " + defaultSampleRate + " is not understood, only " + Resampler.LEAST_RATE
                        + " to " + Resampler.MOST_RATE);
        require(maxConnections >= 1, "there must be at least 1 connection, not " + maxConnections);
        require(
                maxMessageBytes >= 1 << 10 && maxMessageBytes <= 1 << 24,
                "messages must be limited to 1 KiB to 16 MiB, not " + maxMessageBytes);
        require(maxUnderWayBytes >= 1, "some audio must be allowed under way, not " + maxUnderWayBytes);
        require(chunkMillis >= 10 && chunkMillis <= 1000, "chunks must be of 10 to 1000 ms, not " + chunkMillis);
        requirePositive(idleTimeout, "idle timeout");
        requirePositive(pingInterval, "ping interval");
        requirePositive(resultTimeout, "result timeout");
    }

    private static void requirePositive(Duration duration, String what) {
        require(!duration.isNegative() && !duration.isZero(), "the " + what + " must be positive: " + duration);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Limits that suit a few hundred callers: no web pages, messages of 1 MiB, 1 MiB of audio of each under way. */
    public static SpeechServerSettings on(InetSocketAddress address) {
        return new SpeechServerSettings(
                address,
                8000,
                Set.of(),
                200,
                1 << 20,
                1 << 20,
                100,
                Duration.ofSeconds(60),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30));
    }

    public SpeechServerSettings withDefaultSampleRate(int rate) {
        return new SpeechServerSettings(
                address,
                rate,
                allowedOrigins,
                maxConnections,
                maxMessageBytes,
                maxUnderWayBytes,
                chunkMillis,
                idleTimeout,
                pingInterval,
                resultTimeout);
    }

    public SpeechServerSettings withAllowedOrigins(Set<String> origins) {
        return new SpeechServerSettings(
                address,
                defaultSampleRate,
                origins,
                maxConnections,
                maxMessageBytes,
                maxUnderWayBytes,
                chunkMillis,
                idleTimeout,
                pingInterval,
                resultTimeout);
    }

    public SpeechServerSettings withMaxConnections(int connections) {
        return new SpeechServerSettings(
                address,
                defaultSampleRate,
                allowedOrigins,
                connections,
                maxMessageBytes,
                maxUnderWayBytes,
                chunkMillis,
                idleTimeout,
                pingInterval,
                resultTimeout);
    }

    public SpeechServerSettings withMaxMessageBytes(int bytes) {
        return new SpeechServerSettings(
                address,
                defaultSampleRate,
                allowedOrigins,
                maxConnections,
                bytes,
                maxUnderWayBytes,
                chunkMillis,
                idleTimeout,
                pingInterval,
                resultTimeout);
    }

    public SpeechServerSettings withMaxUnderWayBytes(int bytes) {
        return new SpeechServerSettings(
                address,
                defaultSampleRate,
                allowedOrigins,
                maxConnections,
                maxMessageBytes,
                bytes,
                chunkMillis,
                idleTimeout,
                pingInterval,
                resultTimeout);
    }

    public SpeechServerSettings withChunkMillis(int millis) {
        return new SpeechServerSettings(
                address,
                defaultSampleRate,
                allowedOrigins,
                maxConnections,
                maxMessageBytes,
                maxUnderWayBytes,
                millis,
                idleTimeout,
                pingInterval,
                resultTimeout);
    }

    public SpeechServerSettings withTimeouts(Duration idle, Duration ping, Duration result) {
        return new SpeechServerSettings(
                address,
                defaultSampleRate,
                allowedOrigins,
                maxConnections,
                maxMessageBytes,
                maxUnderWayBytes,
                chunkMillis,
                idle,
                ping,
                result);
    }
}
