package io.millrace.connectors.audio.live.internal;

import java.time.InstantSource;

import io.millrace.connectors.audio.live.AudioOutlet;
import io.millrace.connectors.audio.live.SpeechServerSettings;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/** Sets the handlers of each connection up: HTTP, the gate, WebSocket, and what speaks the protocol. */
public final class ConnectionInitializer extends ChannelInitializer<SocketChannel> {
    private static final int MAX_REQUEST_BYTES = 8 << 10;

    private final SpeechServerSettings settings;
    private final AudioOutlet outlet;
    private final Connections connections;
    private final InstantSource time;

    public ConnectionInitializer(
            SpeechServerSettings settings, AudioOutlet outlet, Connections connections, InstantSource time) {
        this.settings = settings;
        this.outlet = outlet;
        this.connections = connections;
        this.time = time;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        // Not compressed: a small message could unfold to any size.
        WebSocketServerProtocolConfig protocol = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(HandshakeGate.PATH)
                .dropPongFrames(false)
                // Whoever has to be closed without a word does not read any.
                .sendCloseFrame(null)
                .decoderConfig(WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(settings.maxMessageBytes())
                        .closeOnProtocolViolation(false)
                        .build())
                .build();
        channel.pipeline()
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                .addLast(new HandshakeGate(connections, settings.allowedOrigins()))
                .addLast(new WebSocketServerProtocolHandler(protocol))
                .addLast(new WebSocketFrameAggregator(settings.maxMessageBytes()))
                .addLast(new SpeechConnection(settings, outlet, connections, time));
    }
}
