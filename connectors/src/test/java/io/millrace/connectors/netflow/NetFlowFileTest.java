package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class NetFlowFileTest {
    private static final int[] FIELDS = {8, 4, 12, 4, 1, 4};

    private final NetFlowDecoder decoder = new NetFlowDecoder(DecoderLimits.INSPECTION);
    private final List<FlowRecord> flows = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void messagesOneBehindTheOtherAreAllRead() throws Exception {
        Bytes file = new Bytes();
        for (int i = 0; i < 3; i++) {
            file.raw(message(i, 1).toArray());
        }
        read("export.ipfix", file);
        assertThat(flows).hasSize(3);
        assertThat(decoder.statistics().datagrams()).isEqualTo(3);
        assertThat(decoder.statistics().dropped()).isEmpty();
    }

    @Test
    void aFileMayBeLongerThanAnyMessage() throws Exception {
        Bytes file = new Bytes();
        for (int i = 0; i < 300; i++) {
            file.raw(message(i, 100).toArray());
        }
        assertThat(file.size()).isGreaterThan(300_000);
        read("long", file);
        assertThat(flows).hasSize(30_000);
        assertThat(decoder.statistics().dropped()).isEmpty();
    }

    @Test
    void messagesOfAllVersionsMayStandInOneFileOrPayload() throws Exception {
        byte[] ninth = bytes(
                ExportBuilder.v9().template(300, FIELDS).set(300, record(7)).build());
        Bytes fifth = new Bytes()
                .u16(5)
                .u16(1)
                .u32(0)
                .u32(1_700_000_000)
                .u32(0)
                .u32(0)
                .u32(0);
        fifth.raw(record(0).toArray()).raw(new byte[36]);
        Bytes file = new Bytes()
                .raw(ninth)
                .raw(fifth.toArray())
                .raw(fifth.toArray())
                .raw(message(1, 1).toArray());
        file.raw(ninth).raw(ninth);
        read("mixed.dat", file);
        assertThat(flows).hasSize(6);
        decoder.decode("192.0.2.1", ByteBuffer.wrap(file.toArray()), 0, flows::add);
        assertThat(flows).hasSize(12);
        assertThat(decoder.statistics().dropped()).isEmpty();
    }

    @Test
    void oneDatagramIsReadUnderAnyName() throws Exception {
        read("one.bin", message(0, 1));
        read("one.pcap", message(0, 1));
        assertThat(flows).hasSize(2);
        assertThat(decoder.statistics().dropped()).isEmpty();
    }

    @Test
    void datagramsBehindTheirLengthsAreReadUnderAnyName() throws Exception {
        Bytes message = message(0, 1);
        read(
                "x.dat",
                new Bytes()
                        .u32(message.size())
                        .raw(message.toArray())
                        .u32(message.size())
                        .raw(message.toArray()));
        assertThat(flows).hasSize(2);
        assertThat(decoder.statistics().dropped()).isEmpty();
    }

    @Test
    void aWithdrawalCountsInAFileOfSeveralMessagesAlone() throws Exception {
        byte[] withdrawal =
                bytes(ExportBuilder.ipfix().set(2, new Bytes().u16(300).u16(0)).build());
        byte[] data = bytes(ExportBuilder.ipfix().set(300, record(5)).build());
        read("a.dat", message(0, 1));
        read("b.dat", new Bytes().raw(withdrawal));
        read("c.dat", new Bytes().raw(data));
        assertThat(flows).hasSize(2);
        read("d.ipfix", message(0, 1).raw(withdrawal).raw(data));
        decoder.flush(flows::add);
        assertThat(flows).hasSize(3);
        assertThat(decoder.statistics().dropped())
                .containsEntry("ignored_withdrawal", 1L)
                .containsEntry("template_missing", 1L);
    }

    @Test
    void whatFollowsThatIsNoMessageIsCounted() throws Exception {
        read("x.ipfix", message(0, 1).raw(message(1, 1).toArray()).hex("0001020304"));
        assertThat(flows).hasSize(2);
        assertThat(decoder.statistics().dropped()).containsOnlyKeys("trailing_bytes");
        read("y.ipfix", message(0, 1).raw(new byte[200_000]));
        assertThat(flows).hasSize(3);
        assertThat(decoder.statistics().dropped()).containsKeys("malformed_file");
    }

    private void read(String name, Bytes content) throws Exception {
        Path file = Files.write(folder.resolve(name), content.toArray());
        new NetFlowFile(decoder).read(file, flows::add);
    }

    private static Bytes message(int sequence, int records) {
        Bytes data = new Bytes();
        for (int i = 0; i < records; i++) {
            data.raw(record(i).toArray());
        }
        return new Bytes()
                .raw(bytes(ExportBuilder.ipfix()
                        .sequence(sequence * records)
                        .template(300, FIELDS)
                        .set(300, data)
                        .build()));
    }

    private static Bytes record(int bytes) {
        return new Bytes().ip(198, 51, 100, 10).ip(203, 0, 113, 20).u32(bytes);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
