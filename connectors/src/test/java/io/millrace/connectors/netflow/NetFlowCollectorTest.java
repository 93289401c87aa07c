package io.millrace.connectors.netflow;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(30)
class NetFlowCollectorTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final List<FlowRecord> flows = new CopyOnWriteArrayList<>();

    @Test
    void datagramsOnTheWireBecomePairedFlows() throws Exception {
        try (NetFlowCollector collector = NetFlowCollector.start(CollectorSettings.on(ANY_PORT), flows::add)) {
            send(collector, export(0));
            await(() -> flows.size() == 1);
            assertThat(flows.get(0).getSensor()).isEqualTo("127.0.0.1/7");
            assertThat(flows.get(0).getDestinationPort()).isEqualTo(80);
            assertThat(flows.get(0).getBytesIn()).isEqualTo(900);
            assertThat(flows.get(0).getObservedTime()).isNotNull();
            assertThat(collector.statistics().datagrams()).isEqualTo(1);
            assertThat(collector.statistics().records()).isEqualTo(2);
            assertThat(collector.receiveBufferBytes()).isPositive();
        }
    }

    @Test
    void withoutPairingEveryRecordIsAFlow() throws Exception {
        CollectorSettings settings = CollectorSettings.on(ANY_PORT).withPairWindow(0);
        try (NetFlowCollector collector = NetFlowCollector.start(settings, flows::add)) {
            send(collector, export(0));
            await(() -> flows.size() == 2);
        }
    }

    @Test
    void aSinkThatBlocksFillsTheQueueAndTheRestIsCounted() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        FlowSink blocking = flow -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            flows.add(flow);
        };
        CollectorSettings settings =
                CollectorSettings.on(ANY_PORT).withPairWindow(0).withQueue(2);
        try (NetFlowCollector collector = NetFlowCollector.start(settings, blocking)) {
            for (int i = 0; i < 10; i++) {
                send(collector, export(i));
            }
            await(() -> collector.statistics().dropped(DropReason.QUEUE_FULL) >= 7);
            release.countDown();
        }
        assertThat(flows.size()).isBetween(4, 6);
    }

    @Test
    void aSinkThatFailsStopsTheCollectorAndIsReported() throws Exception {
        CollectorSettings settings = CollectorSettings.on(ANY_PORT).withPairWindow(0);
        NetFlowCollector collector = NetFlowCollector.start(settings, flow -> {
            throw new IllegalStateException("full");
        });
        send(collector, export(0));
        await(() -> !collector.isRunning());
        assertThatThrownBy(collector::close).hasMessage("full");
    }

    @Test
    void ipfixOverTcpIsReadMessageByMessage() throws Exception {
        CollectorSettings settings =
                CollectorSettings.on(ANY_PORT).withPairWindow(0).withStreams(ANY_PORT);
        try (NetFlowCollector collector = NetFlowCollector.start(settings, flows::add)) {
            byte[] message = ipfix();
            try (Socket exporter = new Socket()) {
                exporter.connect(collector.streamAddress());
                OutputStream out = exporter.getOutputStream();
                for (int i = 0; i < 100; i++) {
                    out.write(message, 0, message.length / 2);
                    out.flush();
                    out.write(message, message.length / 2, message.length - message.length / 2);
                }
                await(() -> flows.size() == 100);
                assertThat(flows.get(0).getSensor()).isEqualTo("127.0.0.1/7");
                out.write("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                assertThat(exporter.getInputStream().read())
                        .as("closed by the collector")
                        .isEqualTo(-1);
            }
            assertThat(collector.statistics().dropped(DropReason.BROKEN_STREAM)).isEqualTo(1);
            try (Socket exporter = new Socket()) {
                exporter.connect(collector.streamAddress());
                exporter.getOutputStream().write(message);
                await(() -> flows.size() == 101);
            }
        }
    }

    @Test
    void aSilentConnectionGivesWayToANewOne() throws Exception {
        CollectorSettings settings = CollectorSettings.on(ANY_PORT).withStreams(ANY_PORT);
        List<Socket> silent = new ArrayList<>();
        try (NetFlowCollector collector = NetFlowCollector.start(settings, flows::add)) {
            for (int i = 0; i < 257; i++) {
                Socket socket = new Socket();
                silent.add(socket);
                socket.connect(collector.streamAddress());
            }
            await(() -> collector.statistics().dropped(DropReason.TOO_MANY_STREAMS) == 1);
            silent.get(256).getOutputStream().write(ipfix());
            await(() -> flows.size() == 1);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void exportersThatAreNotAllowedAreCountedAndNotHeard() throws Exception {
        CollectorSettings settings = CollectorSettings.on(ANY_PORT)
                .withStreams(ANY_PORT)
                .withAllowed(List.of(AddressRange.parse("192.0.2.0/24")));
        try (NetFlowCollector collector = NetFlowCollector.start(settings, flows::add)) {
            send(collector, export(0));
            await(() -> collector.statistics().dropped(DropReason.NOT_ALLOWED) == 1);
            try (Socket exporter = new Socket()) {
                exporter.connect(collector.streamAddress());
                assertThat(exporter.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(collector.statistics().dropped(DropReason.NOT_ALLOWED)).isEqualTo(2);
            assertThat(collector.statistics().datagrams()).isZero();
        }
        settings = settings.withAllowed(List.of(AddressRange.parse("127.0.0.0/8")));
        try (NetFlowCollector collector = NetFlowCollector.start(settings, flows::add)) {
            send(collector, export(0));
            await(() -> flows.size() == 1);
        }
    }

    @Test
    void templatesAreKeptOverARestart(@TempDir Path folder) throws Exception {
        CollectorSettings settings =
                CollectorSettings.on(ANY_PORT).withPairWindow(0).withTemplates(folder.resolve("templates"));
        try (DatagramChannel exporter = DatagramChannel.open()) {
            exporter.bind(ANY_PORT);
            try (NetFlowCollector collector = NetFlowCollector.start(settings, flows::add)) {
                exporter.send(export(0), collector.address());
                await(() -> flows.size() == 2);
            }
            try (NetFlowCollector collector = NetFlowCollector.start(settings, flows::add)) {
                assertThat(collector.templatesUnused()).isNull();
                ByteBuffer data =
                        ExportBuilder.v9().sequence(1).set(300, records()).build();
                exporter.send(data, collector.address());
                await(() -> flows.size() == 4);
            }
        }
    }

    private static byte[] ipfix() {
        ByteBuffer message = ExportBuilder.ipfix()
                .template(300, 8, 4, 12, 4, 1, 4)
                .set(300, new Bytes().ip(10, 0, 0, 1).ip(10, 0, 0, 2).u32(7))
                .build();
        return message.array();
    }

    private static Bytes records() {
        Bytes body = new Bytes()
                .ip(10, 0, 0, 2)
                .ip(10, 0, 0, 1)
                .u16(80)
                .u16(4000)
                .u8(6)
                .u32(900);
        return body.ip(10, 0, 0, 1).ip(10, 0, 0, 2).u16(4000).u16(80).u8(6).u32(100);
    }

    private static ByteBuffer export(int sequence) {
        return ExportBuilder.v9()
                .sequence(sequence)
                .template(300, 8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 1, 4)
                .set(300, records())
                .build();
    }

    private static void send(NetFlowCollector collector, ByteBuffer datagram) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.send(datagram, collector.address());
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(5);
        }
    }
}
