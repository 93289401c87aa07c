package io.millrace.connectors.audio.live;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.audio.live.internal.CallInitializer;
import io.millrace.connectors.audio.live.internal.ConnectionInitializer;
import io.millrace.connectors.audio.live.internal.Connections;
import io.millrace.schemas.Transcript;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
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

    private final SpeechServerSettings settings;
    private final AudioOutlet outlet;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
    private final Connections connections;
    private final List<Channel> listening = new ArrayList<>();

    private SpeechServer(SpeechServerSettings settings, AudioOutlet outlet) {
        this.settings = settings;
        this.outlet = outlet;
        this.connections = new Connections(settings.maxConnections());
    }

    /**
     * Listens.
     *
     * @param outlet takes the audio; not closed with the server
     * @throws IOException if the address cannot be listened on
     */
    public static SpeechServer start(SpeechServerSettings settings, AudioOutlet outlet) throws IOException {
        SpeechServer server = new SpeechServer(settings, outlet);
        try {
            server.listen(
                    settings.address(),
                    new ConnectionInitializer(settings, outlet, server.connections, InstantSource.system()));
        } catch (IOException e) {
            server.loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
        return server;
    }

    private InetSocketAddress listen(InetSocketAddress address, ChannelHandler each) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, RESULTS)
                .childHandler(each)
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        listening.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /**
     * Listens for telephone calls as well, by Asterisk's AudioSocket: a call is a stream under the name of its UUID, and one
     * of the connections. Nothing is said to the caller; results go to the topic.
     *
     * @param address address to listen on; port 0 takes a free one
     * @return the address that is listened on
     * @throws IOException if it cannot be listened on
     */
    public InetSocketAddress listenForCalls(InetSocketAddress address) throws IOException {
        return listen(address, new CallInitializer(settings, outlet, connections, InstantSource.system()));
    }

    /** The address that is listened on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.get(0).localAddress();
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
        listening.forEach(each -> each.close().awaitUninterruptibly());
        connections.stopAll(STOP_LIMIT);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
