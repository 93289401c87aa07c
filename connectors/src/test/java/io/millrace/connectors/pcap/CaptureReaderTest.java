package io.millrace.connectors.pcap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CaptureReaderTest {
    private static final byte[] PAYLOAD = "telemetry".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void classicCapturesOfEitherByteOrderAreRead(boolean big) throws IOException {
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        CapturedPacket packet = only(classic(order, 101, ipv4()));
        assertThat(packet.epochNanos()).isEqualTo(1_700_000_000_000_005_000L);
        UdpDatagram datagram = Datagrams.in(packet);
        assertThat(datagram.sourceAddress()).isEqualTo("10.1.2.3");
        assertThat(datagram.sourcePort()).isEqualTo(40000);
        assertThat(datagram.destinationPort()).isEqualTo(2055);
        assertThat(text(datagram)).isEqualTo("telemetry");
        assertThat(datagram.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void blockCapturesOfEitherByteOrderAreReadAndOtherBlocksSkipped(boolean big) throws IOException {
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        CapturedPacket packet = only(blocks(order, 1, ethernet(ipv4())));
        assertThat(packet.epochNanos()).isEqualTo(1_700_000_000_000_000_007L);
        assertThat(text(Datagrams.in(packet))).isEqualTo("telemetry");
    }

    @Test
    void vlanTagsCookedAndLoopbackHeadersAndIpv6ExtensionsAreSkipped() throws IOException {
        byte[] ip = ipv4();
        byte[] tagged =
                concat(new byte[12], new byte[] {(byte) 0x88, (byte) 0xa8, 0, 5, (byte) 0x81, 0, 0, 6, 8, 0}, ip);
        byte[] cooked = concat(new byte[14], new byte[] {8, 0}, ip);
        byte[] cooked2 = concat(new byte[] {8, 0}, new byte[18], ip);
        byte[] loopback = concat(new byte[] {2, 0, 0, 0}, ip);
        assertThat(text(Datagrams.in(packet(1, tagged)))).isEqualTo("telemetry");
        assertThat(text(Datagrams.in(packet(113, cooked)))).isEqualTo("telemetry");
        assertThat(text(Datagrams.in(packet(276, cooked2)))).isEqualTo("telemetry");
        assertThat(text(Datagrams.in(packet(0, loopback)))).isEqualTo("telemetry");
        byte[] udp = udp();
        ByteBuffer six = ByteBuffer.allocate(48 + udp.length);
        six.put((byte) 0x60)
                .putShort(4, (short) (8 + udp.length))
                .put(6, (byte) 60)
                .put(23, (byte) 1);
        six.put(40, (byte) 17).position(48).put(udp);
        UdpDatagram datagram = Datagrams.in(packet(101, six.array()));
        assertThat(text(datagram)).isEqualTo("telemetry");
        assertThat(datagram.sourceAddress()).isEqualTo("::1");
    }

    @Test
    void cutPacketsAndLoneFragmentsAreNotComplete() {
        byte[] ip = ipv4();
        assertThat(Datagrams.in(packet(101, Arrays.copyOf(ip, ip.length - 4))).complete())
                .isFalse();
        ip[6] = 0x20;
        assertThat(Datagrams.in(packet(101, ip)).lostFragments()).isEqualTo(1);
        assertThat(text(Datagrams.in(packet(101, ip)))).isEqualTo("telemetry");
        ip[7] = 1;
        assertThat(Datagrams.in(packet(101, ip)).payload().limit()).isZero();
    }

    @Test
    void anythingElseIsRefusedAndACutFileGivesThePacketsBefore() throws IOException {
        assertThatThrownBy(() -> new CaptureReader(new ByteArrayInputStream(PAYLOAD)))
                .isInstanceOf(CaptureFormatException.class);
        byte[] file = concat(classic(ByteOrder.BIG_ENDIAN, 101, ipv4()), new byte[7]);
        CaptureReader reader = new CaptureReader(new ByteArrayInputStream(file));
        assertThat(reader.next()).isNotNull();
        assertThatThrownBy(reader::next).isInstanceOf(CaptureFormatException.class);
    }

    @Test
    void damagedCapturesEndWithNothingWorseThanAFormatError() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        byte[][] seeds = {
            classic(ByteOrder.LITTLE_ENDIAN, 1, ethernet(ipv4())),
            blocks(ByteOrder.LITTLE_ENDIAN, 1, ethernet(ipv4())),
            blocks(ByteOrder.BIG_ENDIAN, 101, ipv4())
        };
        for (int i = 0; i < 30_000; i++) {
            byte[] file = seeds[random.nextInt(seeds.length)].clone();
            for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                file[random.nextInt(4, file.length)] = (byte) random.nextInt(256);
            }
            file = random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(4, file.length)) : file;
            int packets = 0;
            try (CaptureReader reader = new CaptureReader(new ByteArrayInputStream(file))) {
                for (CapturedPacket packet = reader.next(); packet != null; packet = reader.next()) {
                    Datagrams.in(packet);
                    packets++;
                }
            } catch (CaptureFormatException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
            assertThat(packets).isLessThan(100);
        }
    }

    private static CapturedPacket only(byte[] file) throws IOException {
        try (CaptureReader reader = new CaptureReader(new ByteArrayInputStream(file))) {
            CapturedPacket packet = reader.next();
            assertThat(reader.next()).isNull();
            return packet;
        }
    }

    private static CapturedPacket packet(int linkType, byte[] bytes) {
        return new CapturedPacket(0, linkType, ByteBuffer.wrap(bytes), bytes.length);
    }

    private static String text(UdpDatagram datagram) {
        byte[] bytes = new byte[datagram.payload().limit()];
        datagram.payload().get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static byte[] udp() {
        ByteBuffer udp = ByteBuffer.allocate(8 + PAYLOAD.length);
        udp.putShort((short) 40000)
                .putShort((short) 2055)
                .putShort((short) udp.capacity())
                .putShort((short) 0);
        return udp.put(PAYLOAD).array();
    }

    private static byte[] ipv4() {
        byte[] udp = udp();
        ByteBuffer ip = ByteBuffer.allocate(20 + udp.length);
        ip.put((byte) 0x45).put(9, (byte) 17).put(12, new byte[] {10, 1, 2, 3}).position(20);
        return ip.put(udp).array();
    }

    private static byte[] ethernet(byte[] ip) {
        return concat(new byte[12], new byte[] {8, 0}, ip);
    }

    private static byte[] classic(ByteOrder order, int linkType, byte[] packet) {
        ByteBuffer file = ByteBuffer.allocate(40 + packet.length).order(order);
        file.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65535)
                .putInt(linkType);
        file.putInt(1_700_000_000).putInt(5).putInt(packet.length).putInt(packet.length);
        return file.put(packet).array();
    }

    private static byte[] blocks(ByteOrder order, int linkType, byte[] packet) {
        int padded = (packet.length + 3) / 4 * 4;
        ByteBuffer file = ByteBuffer.allocate(28 + 32 + 16 + 32 + padded).order(order);
        file.putInt(0x0a0d0d0a)
                .putInt(28)
                .putInt(0x1a2b3c4d)
                .putShort((short) 1)
                .putShort((short) 0)
                .putLong(-1)
                .putInt(28);
        file.putInt(1).putInt(32).putShort((short) linkType).putShort((short) 0).putInt(0);
        file.putShort((short) 9)
                .putShort((short) 1)
                .put((byte) 9)
                .put(new byte[3])
                .putInt(0)
                .putInt(32);
        file.putInt(5).putInt(16).putInt(0).putInt(16);
        long nanos = 1_700_000_000_000_000_007L;
        file.putInt(6).putInt(32 + padded).putInt(0).putInt((int) (nanos >> 32)).putInt((int) nanos);
        file.putInt(packet.length).putInt(packet.length).put(packet).position(file.capacity() - 4);
        return file.putInt(32 + padded).array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
