package io.millrace.connectors.netflow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Damaged datagrams through one decoder that lives through them all. */
class DecoderFuzzTest {
    private static final int DATAGRAMS = 100_000;

    @Test
    void mutatedDatagramsThrowNothingEndAndStayWithinTheBounds() {
        assertTimeoutPreemptively(Duration.ofSeconds(240), () -> {
            List<byte[]> seeds = seeds();
            SplittableRandom random = new SplittableRandom(20_240_611);
            DecoderLimits limits = new DecoderLimits(64, 64, 256, 8192, 1 << 18, true);
            NetFlowDecoder decoder = new NetFlowDecoder(limits);
            long[] flows = {0};
            for (int i = 0; i < DATAGRAMS; i++) {
                byte[] datagram = mutated(seeds, random);
                ExportSource source = source(random);
                decoder.decode(ExportMessage.received(source, ByteBuffer.wrap(datagram), i), flow -> {
                    flows[0]++;
                    assertThat(flow.getEndTime()).isAfterOrEqualTo(flow.getStartTime());
                    assertThat(flow.getStartTime()).isAfterOrEqualTo(Instant.EPOCH);
                });
                decoder.advance(i * 10L, flow -> flows[0]++);
                if (i % 1000 == 0) {
                    decoder.forget(source);
                    decoder.restore(decoder.memory());
                }
                assertThat(decoder.pendingBytes()).isLessThanOrEqualTo(limits.pendingBytes());
            }
            decoder.flush(flow -> flows[0]++);
            assertThat(decoder.statistics().datagrams()).isGreaterThanOrEqualTo(DATAGRAMS);
            // Events of one connection of a firewall are one flow, and a sample without a packet of IP is none.
            assertThat(decoder.statistics().records()).isGreaterThanOrEqualTo(flows[0]);
            assertThat(flows[0]).isGreaterThan(50_000);
            assertThat(decoder.statistics().dropped())
                    .containsKeys(
                            "truncated_header",
                            "unsupported_version",
                            "wrong_set_length",
                            "truncated_set",
                            "malformed_template",
                            "template_buffer_full",
                            "wrong_message_length",
                            "ignored_withdrawal",
                            "unknown_sample");
        });
    }

    private static ExportSource source(SplittableRandom random) {
        String address = "10.0.0." + random.nextInt(50);
        int port = random.nextInt(3);
        return random.nextInt(8) == 0 ? ExportSource.stream(address, port) : ExportSource.datagrams(address, port);
    }

    private static byte[] mutated(List<byte[]> seeds, SplittableRandom random) {
        byte[] data = seeds.get(random.nextInt(seeds.size())).clone();
        int rounds = random.nextInt(4);
        for (int round = 0; round < rounds && data.length > 4; round++) {
            data = once(data, seeds, random);
        }
        return data;
    }

    private static byte[] once(byte[] data, List<byte[]> seeds, SplittableRandom random) {
        int at = random.nextInt(data.length - 1);
        switch (random.nextInt(8)) {
            case 0 -> data[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> data[at] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(data, at);
            }
            case 3 -> { // lengths and counts stand on even offsets
                data[at & ~1] = (byte) (random.nextBoolean() ? 0xff : 0);
                data[(at & ~1) + 1] = (byte) random.nextInt(8);
            }
            case 4 -> {
                data[2] = (byte) random.nextInt(256);
                data[3] = (byte) random.nextInt(256);
            }
            case 5 -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length);
                System.arraycopy(other, from, data, at, Math.min(other.length - from, data.length - at));
            }
            case 6 -> { // everything behind the header again
                byte[] twice = Arrays.copyOf(data, data.length * 2);
                System.arraycopy(data, 0, twice, data.length, data.length);
                if (data.length > 20) {
                    System.arraycopy(data, 20, twice, data.length, data.length - 20);
                }
                return twice.length > 65_535 ? data : twice;
            }
            default -> {
                data[at] = (byte) 0xff;
                data[at + 1] = (byte) 0xff;
            }
        }
        return data;
    }

    private static List<byte[]> seeds() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        Path folder = RecordedExportsTest.wire("ipfix.dat").getParent();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".dat")) {
                    seeds.add(Files.readAllBytes(file));
                } else if (file.toString().endsWith(".bin")) {
                    addPrefixed(seeds, file);
                }
            }
        }
        seeds.addAll(HandMadeExports.all());
        return seeds;
    }

    private static void addPrefixed(List<byte[]> seeds, Path file) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file));
        while (all.remaining() > 4) {
            byte[] datagram = new byte[all.getInt()];
            all.get(datagram);
            seeds.add(datagram);
        }
    }
}
