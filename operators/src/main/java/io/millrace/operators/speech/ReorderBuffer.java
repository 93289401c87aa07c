package io.millrace.operators.speech;

import java.util.List;

import io.millrace.operators.source.Traced;
import io.millrace.schemas.AudioChunk;

/** Chunks of a channel that came before their turn, by sequence. A view of a list that is kept as state. */
final class ReorderBuffer {

    private final List<Traced<AudioChunk>> chunks;

    ReorderBuffer(List<Traced<AudioChunk>> chunks) {
        this.chunks = chunks;
    }

    /** Takes a chunk in; false if its sequence is there already. */
    boolean add(Traced<AudioChunk> chunk) {
        int at = chunks.size();
        // Most come in order: the place is near the end.
        while (at > 0 && chunks.get(at - 1).record.getSequence() > chunk.record.getSequence()) {
            at--;
        }
        if (at > 0 && chunks.get(at - 1).record.getSequence() == chunk.record.getSequence()) {
            return false;
        }
        chunks.add(at, chunk);
        return true;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    int size() {
        return chunks.size();
    }

    /** Bytes of audio that wait. */
    long bytes() {
        return chunks.stream()
                .mapToLong(chunk -> chunk.record.getData().remaining())
                .sum();
    }

    /** Sequence of the first; there must be one. */
    long firstSequence() {
        return chunks.get(0).record.getSequence();
    }

    Traced<AudioChunk> removeFirst() {
        return chunks.remove(0);
    }
}
