package io.millrace.connectors.netflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.flow.FlowSink;

/**
 * Receives exports over UDP and hands their flows to a sink. One thread empties the socket into a bounded queue, a second
 * one decodes, pairs and calls the sink: a sink that blocks fills the queue, and datagrams that find it full are counted
 * as {@link DropReason#QUEUE_FULL}.
 */
public final class NetFlowCollector implements AutoCloseable {
    private static final int MAX_DATAGRAM = 65_535;
    private static final long TICK_MILLIS = 100;

    /**
     * How to collect.
     *
     * @param listen address to bind; port 0 takes a free one
     * @param queueDatagrams datagrams that may wait for decoding
     * @param receiveBufferBytes socket buffer to ask the system for, which may give less
     * @param pairWindowMillis how long a record waits for its other direction; 0 passes every record on as it is
     * @param limits bounds of the decoder
     */
    public record Settings(
            InetSocketAddress listen,
            int queueDatagrams,
            int receiveBufferBytes,
            long pairWindowMillis,
            DecoderLimits limits) {

        /** Usual settings for an address: pairing within a second. */
        public static Settings on(InetSocketAddress listen) {
            return new Settings(listen, 16_384, 8 << 20, 1000, DecoderLimits.COLLECTOR);
        }

        /** The same with another time to wait for the other direction. */
        public Settings withPairWindow(long millis) {
            return new Settings(listen, queueDatagrams, receiveBufferBytes, millis, limits);
        }
    }

    private record Arrival(InetAddress exporter, byte[] datagram, long millis) {}

    private final NetFlowDecoder decoder;
    private final BlockingQueue<Arrival> queue;
    private final FlowSink sink;
    private final FlowPairing pairing;
    private final DatagramChannel channel;
    private final Selector selector;
    private final Thread receiver;
    private final Thread worker;
    private volatile boolean closing;
    private volatile boolean received;
    private volatile RuntimeException failure;

    private NetFlowCollector(Settings settings, FlowSink sink, DatagramChannel channel) throws IOException {
        this.decoder = new NetFlowDecoder(settings.limits());
        this.queue = new ArrayBlockingQueue<>(settings.queueDatagrams());
        this.sink = sink;
        this.pairing = settings.pairWindowMillis() == 0
                ? null
                : new FlowPairing(FlowPairing.DEFAULT_CAPACITY, settings.pairWindowMillis(), sink);
        this.channel = channel;
        this.selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        this.receiver = new Thread(this::receive, "netflow-receiver");
        this.worker = new Thread(this::work, "netflow-decoder");
        receiver.setDaemon(true);
        worker.setDaemon(true);
    }

    /**
     * Binds the socket and begins to collect.
     *
     * @param sink called by one thread of the collector; closing it stays with the caller. When it throws, the collector
     *     stops and {@link #close()} throws the same
     * @throws IOException if the address cannot be bound
     */
    public static NetFlowCollector start(Settings settings, FlowSink sink) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
            channel.bind(settings.listen());
            channel.configureBlocking(false);
            NetFlowCollector collector = new NetFlowCollector(settings, sink, channel);
            collector.receiver.start();
            collector.worker.start();
            return collector;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Address that is listened on, with the port really taken. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes of socket buffer that the system gave. */
    public int receiveBufferBytes() {
        try {
            return channel.getOption(StandardSocketOptions.SO_RCVBUF);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What arrived and what was dropped so far. */
    public DecoderStatistics statistics() {
        return decoder.statistics();
    }

    /** Datagrams that wait for decoding. */
    public int queued() {
        return queue.size();
    }

    /** Whether the collector still collects; false once the sink failed or the collector was closed. */
    public boolean isRunning() {
        return worker.isAlive() && !closing;
    }

    /** Waits until {@code stop} is counted down, or until the collector no longer collects. */
    public void awaitStop(CountDownLatch stop) throws InterruptedException {
        while (isRunning() && !stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            // Neither yet.
        }
    }

    /** Stops receiving, decodes what has arrived, lets go the flows that wait for their other direction. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            receiver.join();
            worker.join();
            selector.close();
            channel.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
        try {
            while (!closing) {
                selector.select(TICK_MILLIS);
                selector.selectedKeys().clear();
                drain(buffer);
            }
            drain(buffer);
        } catch (IOException | ClosedSelectorException e) {
            if (!closing) {
                failure = new UncheckedIOException(new IOException("the socket failed", e));
            }
        } finally {
            received = true;
        }
    }

    private void drain(ByteBuffer buffer) throws IOException {
        while (true) {
            buffer.clear();
            InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
            if (from == null) {
                return;
            }
            byte[] datagram = new byte[buffer.flip().remaining()];
            buffer.get(datagram);
            if (!queue.offer(new Arrival(from.getAddress(), datagram, System.currentTimeMillis()))) {
                decoder.statistics().countDrop(DropReason.QUEUE_FULL, 1);
            }
        }
    }

    private void work() {
        FlowSink to = pairing == null ? sink : flow -> pairing.accept(flow, pairingClock());
        try {
            while (true) {
                boolean last = received;
                Arrival arrival = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                if (arrival != null) {
                    decoder.decode(
                            arrival.exporter().getHostAddress(),
                            ByteBuffer.wrap(arrival.datagram()),
                            arrival.millis(),
                            to);
                } else if (last) {
                    break;
                }
                if (pairing != null) {
                    pairing.advance(pairingClock());
                }
            }
            decoder.flush();
            if (pairing != null) {
                pairing.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
            closing = true;
            selector.wakeup();
        }
    }

    private static long pairingClock() {
        return System.nanoTime() / 1_000_000;
    }
}
