package io.millrace.connectors.audio.live.internal;

import java.time.InstantSource;

import io.millrace.connectors.audio.live.AudioOutlet;
import io.millrace.connectors.audio.live.SpeechServerSettings;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the handlers of each call by AudioSocket up: its messages, and what serves every client. */
public final class CallInitializer extends ChannelInitializer<SocketChannel> {
    private static final Logger LOG = LoggerFactory.getLogger(CallInitializer.class);

    private final SpeechServerSettings settings;
    private final AudioOutlet outlet;
    private final Connections connections;
    private final InstantSource time;

    public CallInitializer(
            SpeechServerSettings settings, AudioOutlet outlet, Connections connections, InstantSource time) {
        this.settings = settings;
        this.outlet = outlet;
        this.connections = connections;
        this.time = time;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        if (!connections.admit()) {
            LOG.warn(
                    "AudioSocket call from {} is not taken: all {} connections are",
                    channel.remoteAddress(),
                    connections.limit());
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> connections.release());
        channel.pipeline()
                .addLast(new AudioSocketDecoder(connections))
                .addLast(new AudioSocketReplies())
                .addLast(new SpeechConnection(settings, outlet, connections, time));
    }
}
