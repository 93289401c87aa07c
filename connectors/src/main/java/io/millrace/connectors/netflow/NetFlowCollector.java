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
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.internal.Arrival;
import io.millrace.connectors.netflow.internal.StreamListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives exports over UDP, and IPFIX over TCP where told, and hands their flows to a sink. One thread empties the socket
 * into a bounded queue, a second one decodes, pairs and calls the sink: a sink that blocks fills the queue, and datagrams
 * that find it full are counted as {@link DropReason#QUEUE_FULL}. Connections are held back instead.
 */
public final class NetFlowCollector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetFlowCollector.class);
    private static final int MAX_DATAGRAM = 65_535;
    private static final long TICK_MILLIS = 100;
    private static final long SAVE_MILLIS = 10_000;

    private final NetFlowDecoder decoder;
    private final BlockingQueue<Arrival> queue;
    private final FlowSink sink;
    private final FlowPairing pairing;
    private final CollectorSettings settings;
    private final TemplateFile templates;
    private final String templatesUnused;
    private final DatagramChannel channel;
    private final Selector selector;
    private final StreamListener streams;
    private final Thread receiver;
    private final Thread worker;
    private volatile boolean closing;
    private volatile boolean received;
    private volatile RuntimeException failure;
    private long nextSave = pairingClock() + SAVE_MILLIS;
    private boolean saved = true;

    private NetFlowCollector(CollectorSettings settings, FlowSink sink, DatagramChannel channel) throws IOException {
        this.settings = settings;
        this.decoder = new NetFlowDecoder(settings.options());
        this.queue = new ArrayBlockingQueue<>(settings.queueDatagrams());
        this.sink = sink;
        this.pairing = settings.pairWindowMillis() == 0
                ? null
                : new FlowPairing(FlowPairing.DEFAULT_CAPACITY, settings.pairWindowMillis(), sink);
        this.templates = settings.templates() == null ? null : new TemplateFile(settings.templates());
        this.templatesUnused = templates == null ? null : templates.readInto(decoder);
        this.channel = channel;
        this.streams = settings.listenStreams() == null
                ? null
                : StreamListener.bind(settings.listenStreams(), settings::allows, queue, decoder.statistics());
        this.selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        this.receiver = new Thread(this::receive, "netflow-receiver");
        this.worker = new Thread(this::work, "netflow-decoder");
        receiver.setDaemon(true);
        worker.setDaemon(true);
    }

    /**
     * Binds the sockets and begins to collect.
     *
     * @param sink called by one thread of the collector; closing it stays with the caller. When it throws, the collector
     *     stops and {@link #close()} throws the same
     * @throws IOException if an address cannot be bound, or the file of templates cannot be read or is of another kind
     */
    public static NetFlowCollector start(CollectorSettings settings, FlowSink sink) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
            channel.bind(settings.listen());
            channel.configureBlocking(false);
            NetFlowCollector collector = new NetFlowCollector(settings, sink, channel);
            collector.receiver.start();
            collector.worker.start();
            if (collector.streams != null) {
                collector.streams.start();
            }
            return collector;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Address that datagrams are received on, with the port really taken. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Address that connections are accepted on, with the port really taken; null if none are. */
    public InetSocketAddress streamAddress() {
        return streams == null ? null : streams.address();
    }

    /** Why the file of templates is not used; null if it is, or if there is none. */
    public String templatesUnused() {
        return templatesUnused;
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

    /** Waits likewise, but no longer than a time; says whether the collector is to stop or does not collect. */
    public boolean awaitStop(CountDownLatch stop, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (isRunning() && System.nanoTime() < deadline) {
            if (stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return !isRunning();
    }

    /** Stops receiving, decodes what has arrived, lets go the flows that wait for their other direction. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            if (streams != null) {
                streams.close();
            }
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
            InetAddress exporter = from.getAddress();
            if (!settings.allows(exporter)) {
                decoder.statistics().countLost(DropReason.NOT_ALLOWED, 1);
                continue;
            }
            byte[] datagram = new byte[buffer.flip().remaining()];
            buffer.get(datagram);
            if (!queue.offer(Arrival.datagram(from, datagram))) {
                decoder.statistics().countLost(DropReason.QUEUE_FULL, 1);
            }
        }
    }

    private void work() {
        FlowSink to = pairing == null ? sink : flow -> pairing.accept(flow, pairingClock());
        try {
            while (true) {
                boolean last = received && (streams == null || streams.ended());
                Arrival arrival = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
                if (arrival != null) {
                    take(arrival, to);
                } else if (last) {
                    break;
                }
                if (pairing != null) {
                    pairing.advance(pairingClock());
                }
                decoder.advance(System.currentTimeMillis(), to);
                save(false);
            }
            decoder.flush(to);
            if (pairing != null) {
                pairing.flush();
            }
            save(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
            closing = true;
            selector.wakeup();
        }
    }

    private void take(Arrival arrival, FlowSink to) {
        if (arrival.end()) {
            decoder.forget(arrival.source());
        } else {
            ByteBuffer payload = ByteBuffer.wrap(arrival.payload());
            decoder.decode(ExportMessage.received(arrival.source(), payload, arrival.millis()), to);
        }
    }

    private void save(boolean now) {
        if (templates == null || !now && pairingClock() < nextSave) {
            return;
        }
        nextSave = pairingClock() + SAVE_MILLIS;
        try {
            templates.write(decoder.memory());
            saved = true;
        } catch (IOException e) {
            if (saved) {
                LOG.warn("the templates cannot be kept in {}: {}", settings.templates(), e.toString());
            }
            saved = false;
        }
    }

    private static long pairingClock() {
        return System.nanoTime() / 1_000_000;
    }
}
