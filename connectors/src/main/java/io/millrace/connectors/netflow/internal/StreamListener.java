package io.millrace.connectors.netflow.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;

/**
 * Accepts connections of IPFIX exporters (RFC 7011, 10.4) and puts their messages into a queue, on one thread. A full queue
 * holds the connections back, which TCP tells the exporters. What is no IPFIX message ends its connection. There are so many
 * connections at once and no more: a further one takes the place of the one that has been silent longest.
 */
public final class StreamListener implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 256;
    private static final long TICK_MILLIS = 100;

    private final ServerSocketChannel server;
    private final Selector selector;
    private final Predicate<InetAddress> allowed;
    private final BlockingQueue<Arrival> queue;
    private final DecoderStatistics statistics;
    private final Thread thread;

    /** Those heard longest ago first. */
    private final Set<StreamConnection> connections = new LinkedHashSet<>();

    private volatile boolean closing;
    private volatile boolean ended;

    private StreamListener(
            ServerSocketChannel server,
            Predicate<InetAddress> allowed,
            BlockingQueue<Arrival> queue,
            DecoderStatistics statistics)
            throws IOException {
        this.server = server;
        this.allowed = allowed;
        this.queue = queue;
        this.statistics = statistics;
        this.selector = Selector.open();
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        this.thread = new Thread(this::run, "ipfix-streams");
        thread.setDaemon(true);
    }

    /**
     * Binds an address.
     *
     * @param allowed exporters that are heard
     * @throws IOException if it cannot be bound
     */
    public static StreamListener bind(
            InetSocketAddress address,
            Predicate<InetAddress> allowed,
            BlockingQueue<Arrival> queue,
            DecoderStatistics statistics)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.bind(address);
            return new StreamListener(server, allowed, queue, statistics);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Begins to accept. */
    public void start() {
        thread.start();
    }

    /** Address that is listened on, with the port really taken. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) server.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether nothing more will come. */
    public boolean ended() {
        return ended;
    }

    /** Closes the connections; what they have sent whole is in the queue. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                selector.select(TICK_MILLIS);
                for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
                    if (key.isValid() && key.isAcceptable()) {
                        accept();
                    } else if (key.isValid() && key.isReadable()) {
                        read((StreamConnection) key.attachment());
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | ClosedSelectorException e) {
            // Without a socket nothing more will come; what has come is decoded.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            shut();
        }
    }

    private void accept() throws IOException, InterruptedException {
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        InetSocketAddress from = (InetSocketAddress) channel.getRemoteAddress();
        if (from == null || !allowed.test(from.getAddress())) {
            statistics.countLost(DropReason.NOT_ALLOWED, 1);
            channel.close();
            return;
        }
        if (connections.size() >= MAX_CONNECTIONS) {
            statistics.countLost(DropReason.TOO_MANY_STREAMS, 1);
            end(connections.iterator().next());
        }
        channel.configureBlocking(false);
        StreamConnection connection = new StreamConnection(channel, from);
        connections.add(connection);
        channel.register(selector, SelectionKey.OP_READ, connection);
    }

    private void read(StreamConnection connection) throws InterruptedException {
        connections.remove(connection);
        connections.add(connection);
        boolean open;
        try {
            open = connection.fill();
            for (byte[] message = connection.next(); message != null; message = connection.next()) {
                put(Arrival.message(connection.source(), message));
            }
            if (connection.broken()) {
                statistics.countLost(DropReason.BROKEN_STREAM, 1);
                open = false;
            }
        } catch (IOException e) {
            open = false;
        }
        if (!open) {
            end(connection);
        }
    }

    private void end(StreamConnection connection) throws InterruptedException {
        connections.remove(connection);
        connection.close();
        put(Arrival.end(connection.source()));
    }

    /** Waits for room, but not for a collector that no longer decodes. */
    private void put(Arrival arrival) throws InterruptedException {
        while (!queue.offer(arrival, TICK_MILLIS, TimeUnit.MILLISECONDS) && !closing) {
            // Full: the exporters wait.
        }
    }

    private void shut() {
        connections.forEach(StreamConnection::close);
        try {
            selector.close();
            server.close();
        } catch (IOException e) {
            // Nothing is lost with it.
        }
        ended = true;
    }
}
