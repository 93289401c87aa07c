package io.millrace.jobs.command;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(30)
class StoppableInputTest {
    private final AtomicBoolean stopped = new AtomicBoolean();

    @Test
    void everyByteComesThrough() throws IOException {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        assertThat(new StoppableInput(new ByteArrayInputStream(bytes), stopped::get).readAllBytes())
                .isEqualTo(bytes);
    }

    @Test
    void aReaderThatWaitsIsLetGo() throws Exception {
        try (PipedOutputStream writer = new PipedOutputStream();
                PipedInputStream pipe = new PipedInputStream(writer)) {
            StoppableInput input = new StoppableInput(pipe, stopped::get);
            writer.write(7);
            writer.flush();
            assertThat(input.read()).isEqualTo(7);
            CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> read(input));
            TimeUnit.MILLISECONDS.sleep(200);
            assertThat(waiting).isNotDone();
            stopped.set(true);
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    void aFailureComesThroughAfterTheBytesBeforeIt() throws IOException {
        InputStream broken = new InputStream() {
            private boolean begun;

            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (begun) {
                    return read();
                }
                begun = true;
                into[offset] = 5;
                return 1;
            }
        };
        StoppableInput input = new StoppableInput(broken, stopped::get);
        assertThat(input.read()).isEqualTo(5);
        assertThatThrownBy(input::read).isInstanceOf(IOException.class).hasMessage("broken");
    }

    private static int read(InputStream input) {
        try {
            return input.read();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
