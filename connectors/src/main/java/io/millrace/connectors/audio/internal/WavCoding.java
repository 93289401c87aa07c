package io.millrace.connectors.audio.internal;

import java.nio.ByteBuffer;

import io.millrace.schemas.audio.MuLaw;

/** How a WAV file writes a sample. */
enum WavCoding {
    UNSIGNED_8(1) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return ((bytes.get(at) & 0xff) - 128) / 128f;
        }
    },
    SIGNED_16(2) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return bytes.getShort(at) / 32768f;
        }
    },
    SIGNED_24(3) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return (bytes.getShort(at) & 0xffff | bytes.get(at + 2) << 16) / 8_388_608f;
        }
    },
    SIGNED_32(4) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return (float) (bytes.getInt(at) / 2_147_483_648d);
        }
    },
    FLOAT_32(4) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return bytes.getFloat(at);
        }
    },
    FLOAT_64(8) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return (float) bytes.getDouble(at);
        }
    },
    A_LAW(1) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return ALaw.value(bytes.get(at)) / 32768f;
        }
    },
    MU_LAW(1) {
        @Override
        float sample(ByteBuffer bytes, int at) {
            return MuLaw.value(bytes.get(at)) / 32768f;
        }
    };

    private final int bytes;

    WavCoding(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of a sample. */
    int bytes() {
        return bytes;
    }

    /** The sample at an index of little-endian bytes: in [-1, 1], but for floats, which may be anything. */
    abstract float sample(ByteBuffer bytes, int at);

    /** The coding of a format tag and a number of bits; null for none. Odd widths fill their bytes from the top. */
    static WavCoding of(int tag, int bits) {
        return switch (tag) {
            case 1 ->
                switch ((bits + 7) / 8) {
                    case 1 -> UNSIGNED_8;
                    case 2 -> SIGNED_16;
                    case 3 -> SIGNED_24;
                    case 4 -> SIGNED_32;
                    default -> null;
                };
            case 3 -> bits == 32 ? FLOAT_32 : bits == 64 ? FLOAT_64 : null;
            case 6 -> bits == 8 ? A_LAW : null;
            case 7 -> bits == 8 ? MU_LAW : null;
            default -> null;
        };
    }
}
