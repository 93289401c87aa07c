package io.millrace.connectors.audio.live.internal;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Lets a connection in, or answers in plain HTTP why not. The place it took is given back when the connection closes. */
final class HandshakeGate extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** The path that all others are taken for: clients of Vosk have some of their own, and proxies add queries. */
    static final String PATH = "/";

    private static final int LIMIT_SECONDS = 10;

    private final Connections connections;
    private final Set<String> allowedOrigins;
    private boolean answered;

    HandshakeGate(Connections connections, Set<String> allowedOrigins) {
        super(false);
        this.connections = connections;
        this.allowedOrigins = allowedOrigins;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        // Whoever connects and asks for nothing must not keep the socket.
        context.executor()
                .schedule(
                        () -> {
                            if (!answered) {
                                context.close();
                            }
                        },
                        LIMIT_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        answered = true;
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (!request.decoderResult().isSuccess()) {
            refuse(context, request, HttpResponseStatus.BAD_REQUEST, "no request of HTTP");
        } else if (!request.method().equals(HttpMethod.GET)
                || !request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            refuse(context, request, HttpResponseStatus.UPGRADE_REQUIRED, "this is a WebSocket server");
        } else if (origin != null && !allowedOrigins.contains(origin)) {
            refuse(context, request, HttpResponseStatus.FORBIDDEN, "pages of this origin may not connect");
        } else if (!connections.admit()) {
            refuse(
                    context,
                    request,
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "all " + connections.limit() + " connections are taken");
        } else {
            context.channel().closeFuture().addListener(closed -> connections.release());
            context.fireChannelRead(request.setUri(PATH));
            context.pipeline().remove(this);
        }
    }

    private static void refuse(
            ChannelHandlerContext context, FullHttpRequest request, HttpResponseStatus status, String reason) {
        request.release();
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(reason + "\n", StandardCharsets.UTF_8));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
