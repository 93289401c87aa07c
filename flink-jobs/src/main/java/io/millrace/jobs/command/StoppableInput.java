package io.millrace.jobs.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Reads another input in a thread of its own, so that whoever reads here can be let go while nothing comes: when asked to
 * stop, the input is at its end. A read of a pipe cannot be interrupted otherwise.
 */
public final class StoppableInput extends InputStream {
    private static final int PIECE_BYTES = 8192;
    private static final int PIECES = 4;
    private static final long LOOK_MILLIS = 50;

    private final InputStream source;
    private final BooleanSupplier stopped;
    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES);
    private final Thread thread = new Thread(this::pump, "input");
    private Piece piece = new Piece(new byte[0], false, null);
    private int position;

    /** Some bytes, and whether they are the last, because of a failure or the end. */
    private record Piece(byte[] bytes, boolean last, IOException failure) {}

    /**
     * Begins to read.
     *
     * @param source what is read; closed by the thread that reads it, at the end or when this is closed
     * @param stopped whether to be at the end
     */
    public StoppableInput(InputStream source, BooleanSupplier stopped) {
        this.source = source;
        this.stopped = stopped;
        thread.setDaemon(true);
        thread.start();
    }

    private void pump() {
        try (source) {
            Piece next;
            do {
                next = next();
                pieces.put(next);
            } while (!next.last());
        } catch (InterruptedException | IOException e) {
            // closed: nobody reads any more
        }
    }

    private Piece next() {
        byte[] bytes = new byte[PIECE_BYTES];
        try {
            int count = source.read(bytes);
            return count < 0 ? new Piece(new byte[0], true, null) : new Piece(Arrays.copyOf(bytes, count), false, null);
        } catch (IOException e) {
            return new Piece(new byte[0], true, e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position == piece.bytes().length) {
            if (piece.failure() != null) {
                throw piece.failure();
            }
            if (piece.last() || stopped.getAsBoolean()) {
                return -1;
            }
            await();
        }
        int count = Math.min(length, piece.bytes().length - position);
        System.arraycopy(piece.bytes(), position, into, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        Piece next = pieces.peek();
        return piece.bytes().length - position + (next == null ? 0 : next.bytes().length);
    }

    private void await() throws IOException {
        try {
            Piece next = pieces.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (next != null) {
                piece = next;
                position = 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        // The source cannot be closed from here while its thread may wait in it.
        thread.interrupt();
    }
}
