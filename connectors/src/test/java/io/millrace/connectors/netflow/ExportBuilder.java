package io.millrace.connectors.netflow;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Writes v9 and IPFIX datagrams for tests, field by field. */
final class ExportBuilder {
    private final ByteArrayOutputStream sets = new ByteArrayOutputStream();
    private final boolean ipfix;
    private int count;
    private long sequence;
    private long domain = 7;
    private long seconds = 1_700_000_000L;
    private long uptime = 100_000;

    private ExportBuilder(boolean ipfix) {
        this.ipfix = ipfix;
    }

    static ExportBuilder v9() {
        return new ExportBuilder(false);
    }

    static ExportBuilder ipfix() {
        return new ExportBuilder(true);
    }

    ExportBuilder sequence(long value) {
        sequence = value;
        return this;
    }

    ExportBuilder domain(long value) {
        domain = value;
        return this;
    }

    ExportBuilder uptime(long millis) {
        uptime = millis;
        return this;
    }

    /** A template of pairs of element and length; a negative element is one of the reverse direction. */
    ExportBuilder template(int id, int... fields) {
        Bytes body = new Bytes().u16(id).u16(fields.length / 2);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i] < 0) {
                body.u16(-fields[i] | 0x8000).u16(fields[i + 1]).u32(29305);
            } else {
                body.u16(fields[i]).u16(fields[i + 1]);
            }
        }
        return set(ipfix ? 2 : 0, body);
    }

    /** An options template: the first fields are the scope; those of v9 are numbered in a way of its own. */
    ExportBuilder options(int id, int scopes, int... fields) {
        Bytes body = new Bytes().u16(id);
        if (ipfix) {
            body.u16(fields.length / 2).u16(scopes);
        } else {
            body.u16(scopes * 4).u16(fields.length * 2 - scopes * 4);
        }
        for (int field : fields) {
            body.u16(field);
        }
        return set(ipfix ? 3 : 1, body);
    }

    ExportBuilder exportedAt(long epochSeconds) {
        seconds = epochSeconds;
        return this;
    }

    ExportBuilder set(int id, Bytes body) {
        return set(id, body.size() + 4, body);
    }

    ExportBuilder set(int id, int length, Bytes body) {
        sets.writeBytes(new Bytes().u16(id).u16(length).toArray());
        sets.writeBytes(body.toArray());
        count++;
        return this;
    }

    ByteBuffer build() {
        Bytes out = new Bytes();
        if (ipfix) {
            out.u16(10).u16(16 + sets.size()).u32(seconds).u32(sequence).u32(domain);
        } else {
            out.u16(9).u16(count).u32(uptime).u32(seconds).u32(sequence).u32(domain);
        }
        return ByteBuffer.wrap(out.raw(sets.toByteArray()).toArray());
    }

    /** Bytes, most significant first. */
    static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes u8(int value) {
            out.write(value);
            return this;
        }

        Bytes u16(int value) {
            return u8(value >> 8).u8(value);
        }

        Bytes u32(long value) {
            return u16((int) (value >> 16)).u16((int) value);
        }

        Bytes u64(long value) {
            return u32(value >> 32).u32(value);
        }

        Bytes ip(int a, int b, int c, int d) {
            return u8(a).u8(b).u8(c).u8(d);
        }

        Bytes f64(double value) {
            return u64(Double.doubleToLongBits(value));
        }

        Bytes hex(String digits) {
            return raw(HexFormat.of().parseHex(digits.replace(" ", "")));
        }

        Bytes raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        int size() {
            return out.size();
        }

        byte[] toArray() {
            return out.toByteArray();
        }
    }
}
