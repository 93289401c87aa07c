package io.millrace.connectors.audio.live.internal;

import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.audio.live.AudioOutlet;
import io.millrace.connectors.audio.live.ClientMessage;
import io.millrace.connectors.audio.live.ClientMessageParser;
import io.millrace.connectors.audio.live.LiveStream;
import io.millrace.connectors.audio.live.ProtocolException;
import io.millrace.connectors.audio.live.ServerMessages;
import io.millrace.connectors.audio.live.SpeechServerSettings;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.Transcript;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client, from its config to its last result. All of it happens on the connection's event loop. */
final class SpeechConnection extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(SpeechConnection.class);
    private static final int SILENT_PINGS = 3;
    private static final int CLOSE_LIMIT_SECONDS = 5;
    /** Resets whose finals may be outstanding at a time. */
    private static final int MOST_RESETS = 16;

    private enum Phase {
        CONFIG_AWAITED,
        AUDIO,
        /** The audio is over; the last results are awaited. */
        LAST_RESULTS,
        CLOSING
    }

    private final SpeechServerSettings settings;
    private final AudioOutlet outlet;
    private final Connections connections;
    private final InstantSource time;
    private final ClientMessageParser parser;
    private final UnderWay underWay;
    private ChannelHandlerContext context;
    private Phase phase = Phase.CONFIG_AWAITED;
    private LiveStream stream;
    private StreamResults results;
    private Answers answers;
    private double secondsBefore;
    private boolean ended;
    private Future<?> heartbeat;
    private Future<?> resultLimit;
    private long lastMessageNanos;
    private int unansweredPings;
    private boolean undelivered;

    SpeechConnection(SpeechServerSettings settings, AudioOutlet outlet, Connections connections, InstantSource time) {
        this.settings = settings;
        this.outlet = outlet;
        this.connections = connections;
        this.time = time;
        parser = new ClientMessageParser(settings.defaultSampleRate());
        underWay = new UnderWay(settings.maxUnderWayBytes());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext within, Object event) throws Exception {
        if (event instanceof HandshakeComplete || event == AudioSocketDecoder.CALL_BEGUN) {
            context = within;
            connections.add(this);
            lastMessageNanos = System.nanoTime();
            long interval = settings.pingInterval().toMillis();
            heartbeat = within.executor().scheduleAtFixedRate(this::beat, interval, interval, TimeUnit.MILLISECONDS);
        }
        super.userEventTriggered(within, event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext within, WebSocketFrame frame) {
        unansweredPings = 0;
        if (phase == Phase.CLOSING || phase == Phase.LAST_RESULTS) {
            // After the eof nothing is heard: a microphone's last piece may be late, and what was said must not be
            // lost.
            return;
        }
        try {
            if (frame instanceof TextWebSocketFrame text) {
                lastMessageNanos = System.nanoTime();
                take(stream == null ? parser.parse(text.text()) : parser.parse(text.text(), stream.config()));
            } else if (frame instanceof BinaryWebSocketFrame audio) {
                lastMessageNanos = System.nanoTime();
                take(audio);
            }
        } catch (ProtocolException e) {
            fail(e.status(), e.getMessage());
        }
    }

    private void take(ClientMessage message) throws ProtocolException {
        if (message instanceof ClientMessage.Config config) {
            begin(config);
        } else if (message instanceof ClientMessage.Reset) {
            reset();
        } else if (phase == Phase.AUDIO) {
            endOfAudio();
        } else {
            // Nothing was said.
            say(ServerMessages.finalResult(List.of(), parser.standard(), 0));
            close(WebSocketCloseStatus.NORMAL_CLOSURE.code(), "");
        }
    }

    private void begin(ClientMessage.Config config) throws ProtocolException {
        if (phase == Phase.AUDIO) {
            stream.listen(config);
            return;
        }
        String id = config.streamId() == null ? "live-" + UUID.randomUUID() : config.streamId();
        if (!connections.claim(id, this)) {
            throw new ProtocolException(
                    ProtocolException.REFUSED,
                    "another connection has the stream " + id
                            + ", or had it and its last results are still to come: try again, or take another stream_id");
        }
        stream = new LiveStream(id, config, settings.chunkMillis(), time);
        results = new StreamResults(config.channels());
        phase = Phase.AUDIO;
        if (config.answersEach()) {
            answers = new Answers(this::say);
        } else {
            say(ServerMessages.ready(id));
        }
    }

    private void take(BinaryWebSocketFrame audio) throws ProtocolException {
        if (phase == Phase.CONFIG_AWAITED) {
            begin(parser.standard());
        }
        stream.push(audio.content().nioBuffer(), this::send);
        if (answers != null) {
            answers.toAudio(stream.config());
        }
        regulate();
    }

    /** Ends a stretch of the stream, so that the job gives its final out, and begins the next under the same name. */
    private void reset() throws ProtocolException {
        if (phase == Phase.CONFIG_AWAITED) {
            begin(parser.standard());
        }
        if (results.awaited() >= MOST_RESETS) {
            throw new ProtocolException(
                    ProtocolException.REFUSED, "so many resets at a time are too many; wait for their finals");
        }
        cut();
        stream = new LiveStream(stream.id(), stream.config(), settings.chunkMillis(), time);
        regulate();
    }

    private void cut() {
        if (answers != null) {
            answers.toEnd();
        }
        stream.end(this::send);
        secondsBefore += stream.seconds();
        results.cutAt(secondsBefore);
    }

    private void endOfAudio() {
        phase = Phase.LAST_RESULTS;
        int leftOver = stream.leftOver();
        if (leftOver > 0 && answers == null) {
            say(ServerMessages.warning("the audio ends within a sample; " + leftOver + " bytes were left out"));
        }
        cut();
        ended = true;
        awaitResult();
    }

    /** Waits for the next result; anew with each, since much of the audio may still have to be heard. */
    private void awaitResult() {
        if (resultLimit != null) {
            resultLimit.cancel(false);
        }
        long millis = settings.resultTimeout().toMillis();
        String message = "no last result came within " + millis / 1000.0 + " s";
        resultLimit = context.executor()
                .schedule(
                        () -> fail(WebSocketCloseStatus.INTERNAL_SERVER_ERROR.code(), message),
                        millis,
                        TimeUnit.MILLISECONDS);
    }

    private void send(AudioChunk chunk) {
        int bytes = chunk.getData().remaining();
        underWay.sent(bytes);
        outlet.send(chunk)
                .whenComplete((done, failure) -> context.executor().execute(() -> {
                    underWay.delivered(bytes);
                    regulate();
                    if (failure != null) {
                        if (!undelivered) {
                            undelivered = true;
                            LOG.warn("Audio of stream {} could not be delivered", chunk.getStreamId(), failure);
                        }
                        fail(WebSocketCloseStatus.INTERNAL_SERVER_ERROR.code(), "the audio could not be passed on");
                    }
                }));
    }

    /** Reads the socket unless too much is under way; TCP then holds the client back. */
    private void regulate() {
        context.channel()
                .config()
                .setAutoRead(phase == Phase.CLOSING || phase == Phase.LAST_RESULTS || !(underWay.full() || notRead()));
    }

    /** Whether the client leaves answers unread. */
    private boolean notRead() {
        return answers != null && (answers.full() || !context.channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext within) throws Exception {
        if (context != null) {
            regulate();
        }
        super.channelWritabilityChanged(within);
    }

    /** Takes a result, on any thread. */
    void deliver(Transcript transcript) {
        context.executor().execute(() -> {
            if (phase == Phase.AUDIO || phase == Phase.LAST_RESULTS) {
                pass(transcript);
            }
        });
    }

    private void pass(Transcript transcript) {
        if (transcript.getChannel() >= stream.channels()) {
            return;
        }
        double shift = results.shift(transcript);
        boolean ended = results.endedBy(transcript);
        boolean last = ended && phase == Phase.LAST_RESULTS && results.awaited() == 0;
        if (answers != null) {
            answers.keep(transcript, stream.config(), shift);
            if (ended) {
                answers.ended(stream.config());
            }
            regulate();
        } else if (wanted(transcript, ended)) {
            if (context.channel().isWritable()) {
                say(ServerMessages.result(transcript, stream.config(), shift));
            } else if (transcript.getIsFinal()) {
                // A partial result is dispensable, since the next replaces it. A final is not.
                fail(ProtocolException.REFUSED, "the results are not read");
                return;
            }
        }
        if (last) {
            close(WebSocketCloseStatus.NORMAL_CLOSURE.code(), "");
        } else if (phase == Phase.LAST_RESULTS) {
            awaitResult();
        }
    }

    /** Not what has no words, the last of a reset or an eof aside, for which clients wait. */
    private boolean wanted(Transcript transcript, boolean ended) {
        return transcript.getIsFinal()
                ? ended || !transcript.getAlternatives().isEmpty()
                : stream.config().partials();
    }

    private void beat() {
        long silent = System.nanoTime() - lastMessageNanos;
        boolean reading = context.channel().config().isAutoRead();
        if (reading && unansweredPings >= SILENT_PINGS) {
            LOG.debug("A client does not answer any more");
            context.close();
        } else if ((reading || notRead())
                && (phase == Phase.CONFIG_AWAITED || phase == Phase.AUDIO)
                && silent > settings.idleTimeout().toNanos()) {
            fail(
                    ProtocolException.REFUSED,
                    "nothing came for " + settings.idleTimeout().toMillis() / 1000.0 + " s");
        } else if (phase != Phase.CLOSING) {
            // While nothing is read no answer can be seen; but writing finds out whether the client is gone.
            unansweredPings += reading ? 1 : 0;
            context.writeAndFlush(new PingWebSocketFrame());
        }
    }

    /** Ends the stream since the server stops; on any thread. */
    void stop() {
        context.executor().execute(() -> fail(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "the server stops"));
    }

    private void fail(int status, String message) {
        if (phase != Phase.CLOSING) {
            say(ServerMessages.error(message));
            close(status, message);
        }
    }

    private void close(int status, String reason) {
        phase = Phase.CLOSING;
        endStream();
        // Control frames carry 125 bytes at most, the status among them.
        String brief = reason.length() > 100 ? reason.substring(0, 100) : reason;
        context.writeAndFlush(new CloseWebSocketFrame(status, brief.replaceAll("[^\\x20-\\x7e]", "?")));
        // so that the client's own close is read; but not for ever
        regulate();
        context.executor().schedule(() -> context.close(), CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private void endStream() {
        if (resultLimit != null) {
            resultLimit.cancel(false);
        }
        if (stream != null) {
            if (!ended) {
                cut();
            }
            ended = true;
            connections.giveUp(stream.id(), this, results);
        }
    }

    private void say(String message) {
        context.writeAndFlush(new TextWebSocketFrame(message));
    }

    @Override
    public void channelInactive(ChannelHandlerContext within) {
        if (context != null) {
            phase = Phase.CLOSING;
            heartbeat.cancel(false);
            endStream();
            connections.remove(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext within, Throwable cause) {
        if (context == null) {
            within.close();
        } else if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            fail(corrupted.closeStatus().code(), cause.getMessage());
        } else if (cause instanceof TooLongFrameException) {
            fail(ProtocolException.TOO_LARGE, "a message may have " + settings.maxMessageBytes() + " bytes at most");
        } else {
            LOG.debug("The connection broke", cause);
            within.close();
        }
    }
}
