package io.millrace.connectors.audio.live;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.audio.live.internal.ConnectionInitializer;
import io.millrace.connectors.audio.live.internal.Connections;
import io.millrace.schemas.Transcript;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * A WebSocket server for live audio, with the messages of Vosk's server: a client sends a config, audio in binary messages
 * of any size and an end; it gets partial results and finals of its stream as they come, and after the last the connection
 * is closed. What a client does wrong, it is told, and no other client notices. Each stream gets its end, however its
 * connection ended.
 *
 * <p>No encryption and no log-in: what is beyond loopback belongs behind a proxy that has both.
 */
public final class SpeechServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(6);
    private static final WriteBufferWaterMark RESULTS = new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final EventLoopGroup loops;
    private final Channel listening;
    private final Connections connections;

    private SpeechServer(EventLoopGroup loops, Channel listening, Connections connections) {
        this.loops = loops;
        this.listening = listening;
        this.connections = connections;
    }

    /**
     * Listens.
     *
     * @param outlet takes the audio; not closed with the server
     * @throws IOException if the address cannot be listened on
     */
    public static SpeechServer start(SpeechServerSettings settings, AudioOutlet outlet) throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
        Connections connections = new Connections(settings.maxConnections());
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, RESULTS)
                .childHandler(new ConnectionInitializer(settings, outlet, connections, InstantSource.system()))
                .bind(settings.address())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        return new SpeechServer(loops, bound.channel(), connections);
    }

    /** The address that is listened on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Clients at the moment. */
    public int connected() {
        return connections.connected();
    }

    /** Hands a result to the client whose stream it is of, if there is one. Does not block. */
    public void accept(Transcript transcript) {
        connections.deliver(transcript);
    }

    /** Stops listening, ends every stream and closes its connection; waits for that some 10 seconds at most. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        connections.stopAll(STOP_LIMIT);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
