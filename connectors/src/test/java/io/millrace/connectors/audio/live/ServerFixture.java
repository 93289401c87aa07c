package io.millrace.connectors.audio.live;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** A server over real sockets, its audio kept, and the recogniser's side left to the test. */
@Timeout(120)
abstract class ServerFixture {
    static final byte[] SECOND = new byte[16_000];

    final RecordedAudio audio = new RecordedAudio();
    SpeechServer server;

    SpeechServer start(UnaryOperator<SpeechServerSettings> change) throws IOException {
        SpeechServerSettings settings = SpeechServerSettings.on(new InetSocketAddress("127.0.0.1", 0));
        server = SpeechServer.start(change.apply(settings), audio);
        return server;
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("what was waited for does not come")
                    .isLessThan(limit);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
