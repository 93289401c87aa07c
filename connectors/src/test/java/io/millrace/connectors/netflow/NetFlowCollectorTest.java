package io.millrace.connectors.netflow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    private static ByteBuffer export(int sequence) {
        Bytes body = new Bytes()
                .ip(10, 0, 0, 2)
                .ip(10, 0, 0, 1)
                .u16(80)
                .u16(4000)
                .u8(6)
                .u32(900);
        body.ip(10, 0, 0, 1).ip(10, 0, 0, 2).u16(4000).u16(80).u8(6).u32(100);
        return ExportBuilder.v9()
                .sequence(sequence)
                .template(300, 8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 1, 4)
                .set(300, body)
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
