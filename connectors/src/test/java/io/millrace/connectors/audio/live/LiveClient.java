package io.millrace.connectors.audio.live;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the JDK's own. */
final class LiveClient implements WebSocket.Listener {
    static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private volatile CompletableFuture<Void> pong = new CompletableFuture<>();
    private WebSocket socket;

    static LiveClient connect(SpeechServer server) {
        return connect(server, "");
    }

    static LiveClient connect(SpeechServer server, String path) {
        LiveClient client = new LiveClient();
        client.socket = HTTP.newWebSocketBuilder()
                .buildAsync(uri(server).resolve(path), client)
                .join();
        return client;
    }

    static URI uri(SpeechServer server) {
        return URI.create("ws://127.0.0.1:" + server.address().getPort() + "/");
    }

    LiveClient say(String message) {
        socket.sendText(message, true).join();
        return this;
    }

    /** Begins a stream of 8 kHz and 16 bits and waits for the answer. */
    LiveClient begin(String stream) throws InterruptedException {
        say("{\"config\":{\"sample_rate\":8000,\"stream_id\":\"" + stream + "\"}}");
        String answer = next();
        if (!answer.equals(ServerMessages.ready(stream))) {
            throw new AssertionError(answer);
        }
        return this;
    }

    CompletableFuture<WebSocket> send(byte[] audio) {
        return socket.sendBinary(ByteBuffer.wrap(audio), true);
    }

    /** Waits until the server has answered a ping, hence has done what it was given before. */
    void pingPong() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        pong = answer;
        socket.sendPing(ByteBuffer.allocate(0)).join();
        answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        pong.complete(null);
        from.request(1);
        return null;
    }

    WebSocket socket() {
        return socket;
    }

    /** The next message, or null if none comes for twenty seconds. */
    String next() throws InterruptedException {
        return messages.poll(20, TimeUnit.SECONDS);
    }

    /** Status and reason with which the server closes. */
    String closed() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            messages.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed.complete(status + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }
}
