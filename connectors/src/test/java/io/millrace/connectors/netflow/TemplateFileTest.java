package io.millrace.connectors.netflow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TemplateFileTest {
    private static final ExportSource EXPORTER = ExportSource.datagrams("192.0.2.1", 50_001);
    private static final int[] FIELDS = {8, 4, 12, 4, 95, 4, 236, 0xffff, 1, 4, -1, 4, 10, 2, 22, 4, 21, 4};

    @TempDir
    private Path folder;

    @Test
    void aNewDecoderReadsOnWhereTheFormerOneStood() throws Exception {
        Decoding former = learned();
        TemplateFile file = new TemplateFile(folder.resolve("t"));
        assertThat(file.readInto(former.decoder)).as("no file yet").isNull();
        file.write(former.decoder.memory());
        Decoding next = new Decoding();
        assertThat(new TemplateFile(folder.resolve("t")).readInto(next.decoder)).isNull();
        former.receive(EXPORTER, data().build());
        next.receive(EXPORTER, data().build());
        FlowRecord flow = next.only();
        assertThat(flow).isEqualTo(former.only());
        assertThat(flow.getSamplingRate()).isEqualTo(200);
        assertThat(flow.getService()).isEqualTo("chat");
        assertThat(flow.getBytesIn()).isEqualTo(40);
        assertThat(flow.getAttributes()).containsEntry("VRFname", "CUST");
        assertThat(flow.getEndTime().toEpochMilli()).isEqualTo(1_699_999_003_000L);
        assertThat(next.decoder.memory()).isEqualTo(former.decoder.memory());
    }

    @Test
    void connectionsAnnounceTheirTemplatesAgain() {
        Decoding decoding = new Decoding();
        byte[] empty = decoding.decoder.memory();
        decoding.receive(
                ExportSource.stream("192.0.2.1", 7),
                ExportBuilder.ipfix().template(256, 8, 4).build());
        assertThat(decoding.decoder.memory()).isEqualTo(empty);
    }

    @Test
    void aDamagedFileIsNotUsedAndIsReplaced() throws Exception {
        Path path = folder.resolve("t");
        byte[] good = learned().decoder.memory();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            bad[4 + random.nextInt(bad.length - 4)] ^= (byte) (1 << random.nextInt(8));
            Files.write(path, random.nextInt(4) == 0 ? Arrays.copyOf(bad, 5 + random.nextInt(60)) : bad);
            Decoding decoding = new Decoding();
            byte[] empty = decoding.decoder.memory();
            TemplateFile file = new TemplateFile(path);
            assertThat(file.readInto(decoding.decoder)).startsWith("it");
            assertThat(decoding.decoder.memory()).isEqualTo(empty);
            file.write(good);
            assertThat(Files.readAllBytes(path)).isEqualTo(good);
        }
    }

    @Test
    void whatIsHeldStaysWithinTheLimits() throws Exception {
        Decoding many = new Decoding();
        for (int i = 0; i < 900; i++) {
            many.receive(
                    ExportSource.datagrams("192.0.2." + i % 250, i),
                    ExportBuilder.v9()
                            .template(256, FIELDS[0], 4, 12, 4, 1, 4, 2, 4)
                            .build());
        }
        DecoderLimits limits = new DecoderLimits(10, 4, 16, 20, 1000, false);
        Decoding small = new Decoding(DecoderOptions.within(limits));
        small.decoder.restore(many.decoder.memory());
        assertThat(small.decoder.memory().length).isLessThan(1000);
    }

    @Test
    void aFileOfAnotherKindIsNeverWrittenOver() throws Exception {
        Path path = Files.writeString(folder.resolve("thesis.txt"), "my only copy");
        assertThatThrownBy(() -> new TemplateFile(path).readInto(new Decoding().decoder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("thesis.txt is no file of templates: name another");
    }

    private static Decoding learned() {
        Bytes start = new Bytes().u32(7).u64(1_699_999_000_000L);
        Bytes application = new Bytes().u32(99).raw("chat".getBytes(StandardCharsets.UTF_8));
        ExportBuilder export = ExportBuilder.ipfix()
                .template(256, FIELDS)
                .options(257, 1, 10, 4, 34, 4)
                .set(257, new Bytes().u32(1).u32(200))
                .options(258, 1, 149, 4, 160, 8)
                .set(258, start)
                .options(259, 1, 95, 4, 96, 4)
                .set(259, application);
        return new Decoding().receive(EXPORTER, export.build());
    }

    private static ExportBuilder data() {
        Bytes body = new Bytes()
                .ip(198, 51, 100, 10)
                .ip(203, 0, 113, 20)
                .u32(99)
                .u8(4)
                .hex("43555354");
        return ExportBuilder.ipfix()
                .set(256, body.u32(30).u32(40).u16(1).u32(1000).u32(3000));
    }
}
