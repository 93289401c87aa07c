package io.millrace.connectors.audio.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.millrace.schemas.AudioChunk;

/** An outlet that keeps what it is given; it may be told to deliver nothing for a while, or to fail. */
final class RecordedAudio implements AudioOutlet {
    private final List<AudioChunk> chunks = new ArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean holding;
    private RuntimeException failure;

    @Override
    public synchronized CompletionStage<?> send(AudioChunk chunk) {
        chunks.add(chunk);
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (holding) {
            waiting.add(done);
        } else {
            done.complete(null);
        }
        return done;
    }

    synchronized void hold() {
        holding = true;
    }

    synchronized void release() {
        holding = false;
        waiting.forEach(done -> done.complete(null));
        waiting.clear();
    }

    synchronized void fail(RuntimeException reason) {
        failure = reason;
    }

    synchronized List<AudioChunk> all() {
        return List.copyOf(chunks);
    }

    synchronized List<AudioChunk> of(String stream) {
        return chunks.stream()
                .filter(chunk -> chunk.getStreamId().equals(stream))
                .toList();
    }

    boolean ended(String stream) {
        return of(stream).stream().anyMatch(AudioChunk::getEndOfStream);
    }

    long bytes(String stream) {
        return of(stream).stream()
                .mapToLong(chunk -> chunk.getData().remaining())
                .sum();
    }
}
