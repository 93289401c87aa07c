package io.millrace.connectors.audio.live.internal;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said to a caller by AudioSocket, who understands none of it: results go to the topic alone, errors to the log, and
 * a farewell closes the connection.
 */
final class AudioSocketReplies extends ChannelOutboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AudioSocketReplies.class);
    private static final String ERROR = "{\"error\"";

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof WebSocketFrame)) {
            context.write(message, promise);
            return;
        }
        try {
            if (message instanceof TextWebSocketFrame text && text.text().startsWith(ERROR)) {
                LOG.warn("AudioSocket call from {}: {}", context.channel().remoteAddress(), text.text());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
        if (message instanceof CloseWebSocketFrame) {
            context.close(promise);
            return;
        }
        promise.setSuccess();
        if (message instanceof PingWebSocketFrame) {
            // The caller's TCP stack answers for it.
            context.fireChannelRead(new PongWebSocketFrame());
        }
    }
}
