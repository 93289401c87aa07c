package io.millrace.connectors.netflow;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;

/** Exports of the kinds that no recording has, to begin a search for damage with. */
final class HandMadeExports {
    private static final String FRAME = "020000000001020000000002810000640800"
            + "4500003c0001000040060000c633640acb0071149c4001bb0000000100000000a002721000000000";

    private HandMadeExports() {}

    static List<byte[]> all() {
        List<byte[]> all = new ArrayList<>();
        all.add(sampled());
        all.add(expanded());
        all.add(classic(1, 16, 52));
        all.add(classic(7, 24, 52));
        all.add(array(sampling(ExportBuilder.v9())));
        all.add(array(sampling(ExportBuilder.ipfix())));
        all.add(array(sections()));
        all.add(array(ExportBuilder.ipfix()
                .set(2, new Bytes().u16(256).u16(0))
                .set(3, new Bytes().u16(3).u16(0))));
        all.add(array(biflow()));
        Bytes several = new Bytes();
        all.subList(0, 6).forEach(several::raw);
        all.add(several.toArray());
        return all;
    }

    private static byte[] sampled() {
        Bytes raw = new Bytes().u32(1).u32(82).u32(4).u32(58).hex(FRAME).raw(new byte[2]);
        Bytes ip = new Bytes()
                .u32(100)
                .u32(17)
                .u32(1)
                .u32(2)
                .u32(53)
                .u32(54)
                .u32(0)
                .u32(8);
        Bytes sample =
                new Bytes().u32(1).u32(5).u32(512).u32(512).u32(0).u32(5).u32(6).u32(2);
        sample.u32(1).u32(raw.size()).raw(raw.toArray()).u32(3).u32(ip.size()).raw(ip.toArray());
        return header(2)
                .u32(1)
                .u32(sample.size())
                .raw(sample.toArray())
                .u32(2)
                .u32(4)
                .u32(0)
                .toArray();
    }

    private static byte[] expanded() {
        Bytes six = new Bytes()
                .u32(200)
                .u32(58)
                .raw(new byte[32])
                .u32(128)
                .u32(0)
                .u32(0)
                .u32(0);
        Bytes sample = new Bytes().u32(1).u32(0).u32(5).u32(1024).u32(99).u32(0);
        sample.u32(0).u32(70_000).u32(2).u32(3).u32(1).u32(4).u32(six.size()).raw(six.toArray());
        return header(2)
                .u32(3)
                .u32(sample.size())
                .raw(sample.toArray())
                .u32(0x4008)
                .u32(4)
                .u32(1)
                .toArray();
    }

    private static Bytes header(int samples) {
        return new Bytes()
                .u32(5)
                .u32(1)
                .ip(192, 0, 2, 77)
                .u32(3)
                .u32(1000)
                .u32(50_000)
                .u32(samples);
    }

    private static byte[] classic(int version, int header, int record) {
        Bytes bytes =
                new Bytes().u16(version).u16(2).u32(1000).u32(1_700_000_000).u32(0);
        bytes.raw(new byte[header - 16]);
        byte[] content = new byte[2 * record];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 37);
        }
        return bytes.raw(content).toArray();
    }

    private static ExportBuilder sampling(ExportBuilder export) {
        return export.options(400, 1, 2, 4, 48, 2, 305, 4, 306, 4)
                .set(400, new Bytes().u32(1).u16(3).u32(1).u32(99))
                .options(401, 1, 149, 4, 309, 4, 310, 4, 311, 8)
                .set(401, new Bytes().u32(7).u32(1).u32(5).f64(0.1))
                .template(402, 8, 4, 12, 4, 48, 2, 10, 4, 236, 0xffff)
                .set(402, new Bytes().u32(1).u32(2).u16(3).u32(1).u8(2).u16(5));
    }

    private static ExportBuilder sections() {
        return ExportBuilder.ipfix()
                .template(403, 315, 58, 409, 2, 323, 8)
                .set(403, new Bytes().hex(FRAME).u16(0).u64(1_700_000_000_000L));
    }

    private static ExportBuilder biflow() {
        return ExportBuilder.ipfix()
                .template(404, 8, 4, 12, 4, 154, 8, 157, 8, -154, 8, -157, 8, 1, 8, -1, 8, 160, 8, 22, 4, 161, 4)
                .set(404, new Bytes().raw(new byte[60]).u64(5).u32(7).u32(9));
    }

    private static byte[] array(ExportBuilder export) {
        ByteBuffer buffer = export.build();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
