package io.millrace.connectors.media.internal;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FORCE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EIO;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

/** A {@link ByteSource} as the libraries read it. For one thread. */
final class ByteInput implements Closeable {
    private static final int BUFFER = 1 << 15;
    /** The libraries' code for "not yet": the negative of Linux's EAGAIN. */
    private static final int NOT_YET = -11;

    /** Native callbacks are few in a process: these two serve every input, told apart by the address of its key. */
    private static final Map<Long, ByteInput> OPEN = new ConcurrentHashMap<>();

    private static final Read READ = new Read();
    private static final Seek SEEK = new Seek();

    private final ByteSource source;
    private final Pointer key;
    private final AVIOContext context;
    private final byte[] piece = new byte[BUFFER];
    private WavHead head;
    private long unitsFrom;
    private int unit;
    private boolean mayWait;
    private IOException failure;

    /** An input, whose source stays the caller's to close. */
    ByteInput(ByteSource source) throws IOException {
        this.source = source;
        key = av_malloc(1);
        OPEN.put(key.address(), this);
        BytePointer buffer = new BytePointer(av_malloc(BUFFER));
        context = avio_alloc_context(buffer, BUFFER, 0, key, READ, null, SEEK);
        if (source.size() < 0) {
            context.seekable(0);
        }
    }

    AVIOContext context() {
        return context;
    }

    /** Bytes that the libraries have made use of. */
    long position() throws IOException {
        return source.position()
                - (context.buf_end().address() - context.buf_ptr().address());
    }

    /** The input is a stream of WAV: behind its header no read waits until {@link #goOn}. */
    void doNotWaitBehind(WavHead header) {
        head = header;
    }

    /** The header has been read: reads wait again. */
    void waitAgain() {
        head = null;
        goOn();
    }

    /**
     * From here on a read of a stream gives what there is, once it is whole units, and does not wait for all that was asked
     * for. {@link #goOn} then goes before every next one.
     *
     * @param bytes size of a unit
     */
    void inUnitsOf(int bytes) throws IOException {
        unitsFrom = position();
        unit = bytes;
    }

    /** Before a packet is asked for: it may wait for its first byte, and what the last one did without was no end. */
    void goOn() {
        if (context.error() == NOT_YET) {
            context.eof_reached(0);
            context.error(0);
        }
        mayWait = context.buf_ptr().address() == context.buf_end().address();
    }

    /** Throws what a read failed with; the libraries know only that it did. */
    void rethrow() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private int read(BytePointer into, int size) {
        try {
            if (!mayWait && atUnit() && source.waits()) {
                return NOT_YET;
            }
            mayWait = false;
            int count = source.read(piece, Math.min(size, piece.length));
            if (count <= 0) {
                return AVERROR_EOF();
            }
            if (head != null) {
                head.pass(piece, count);
            }
            into.put(piece, 0, count);
            return count;
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) { // may not pass through native code
            failure = new IOException(e);
        }
        return AVERROR_EIO();
    }

    /** Whether what has been read is worth giving on by itself. */
    private boolean atUnit() throws IOException {
        return unit > 0 ? (source.position() - unitsFrom) % unit == 0 : head != null && head.ended();
    }

    private long seek(long offset, int whence) {
        try {
            long size = source.size();
            if ((whence & AVSEEK_SIZE) != 0) {
                return Math.max(0, size); // none is 0, as the libraries' own pipes have it
            }
            long base =
                    switch (whence & ~AVSEEK_FORCE) {
                        case 0 -> 0;
                        case 1 -> source.position();
                        default -> size;
                    };
            source.seek(base + offset);
            return base + offset;
        } catch (IOException | RuntimeException e) { // before the first byte, or a device's fault: both end the reading
            return AVERROR_EIO();
        }
    }

    @Override
    public void close() {
        if (OPEN.remove(key.address()) != null) {
            av_free(context.buffer());
            avio_context_free(context);
            av_free(key);
        }
    }

    private static final class Read extends Read_packet_Pointer_BytePointer_int {
        @Override
        public int call(Pointer key, BytePointer into, int size) {
            return OPEN.get(key.address()).read(into, size);
        }
    }

    private static final class Seek extends Seek_Pointer_long_int {
        @Override
        public long call(Pointer key, long offset, int whence) {
            return OPEN.get(key.address()).seek(offset, whence);
        }
    }
}
