package io.millrace.connectors.audio.internal;

/**
 * Goes through a Vorbis setup header (Vorbis I, section 4.2.4) before the decoder does, since the decoder believes what
 * it says of sizes: a header of a few bytes could ask for all the memory there is, or for ever to be read.
 */
final class VorbisSetup {
    private static final int HEADER = 7;
    private static final long MAX_VALUES = 1 << 20;
    private static final long MAX_CLASS_VALUES = 1 << 21;

    private final LowBitReader in;
    private final int channels;
    private int[] dimensions;
    private long[] entries;
    private long values;
    private long[] classValues;

    private VorbisSetup(byte[] packet, int channels) {
        in = new LowBitReader(packet, HEADER);
        this.channels = channels;
    }

    /**
     * Checks a setup packet.
     *
     * @throws IllegalStateException if it is none or asks for too much; the message goes on after "the setup header: "
     */
    static void check(byte[] packet, int channels) {
        VorbisSetup setup = new VorbisSetup(packet, channels);
        setup.books();
        setup.in.skip(16L * (setup.in.read(6) + 1)); // time transforms, of which there are none
        setup.floors();
        setup.residues();
        setup.mappingsAndModes();
    }

    private void books() {
        int count = in.readInt(8) + 1;
        dimensions = new int[count];
        entries = new long[count];
        for (int i = 0; i < count; i++) {
            demand(in.read(24) == 0x564342, "codebook " + i + " has no beginning");
            dimensions[i] = in.readInt(16);
            entries[i] = in.read(24);
            demand(dimensions[i] > 0 && entries[i] > 0, "codebook " + i + " is empty");
            values += entries[i];
            demand(values <= MAX_VALUES, "the codebooks have too many entries");
            lengths(entries[i]);
            lookup(dimensions[i], entries[i]);
        }
    }

    private void lengths(long count) {
        if (in.read(1) == 0) {
            boolean sparse = in.read(1) == 1;
            for (long i = 0; i < count; i++) {
                in.skip(!sparse || in.read(1) == 1 ? 5 : 0);
            }
            return;
        }
        in.skip(5);
        for (long i = 0; i < count; ) {
            i += in.read(64 - Long.numberOfLeadingZeros(count - i));
            demand(i <= count, "a codebook has more lengths than entries");
        }
    }

    private void lookup(int dimension, long count) {
        int type = in.readInt(4);
        demand(type <= 2, "a codebook has look-up type " + type);
        if (type == 0) {
            return;
        }
        values += dimension * count;
        demand(values <= MAX_VALUES, "the codebooks have too many values");
        in.skip(64);
        int bits = in.readInt(4) + 1;
        in.skip(1);
        in.skip(bits * (type == 1 ? root(count, dimension) : dimension * count));
    }

    /** The largest number whose power is within the count. */
    private static long root(long count, int power) {
        long root = 1;
        while (Math.pow(root + 1, power) <= count) {
            root++;
        }
        demand(Math.pow(root + 1, power) < Integer.MAX_VALUE, "a codebook has " + power + " dimensions");
        return root;
    }

    private void floors() {
        for (int left = in.readInt(6) + 1; left > 0; left--) {
            int type = in.readInt(16);
            demand(type <= 1, "a floor has type " + type);
            if (type == 0) {
                in.skip(8 + 16 + 16 + 6 + 8);
                in.skip(8 * (in.read(4) + 1));
            } else {
                pointedFloor();
            }
        }
    }

    private void pointedFloor() {
        int[] classes = new int[in.readInt(5)];
        int highest = -1;
        for (int i = 0; i < classes.length; i++) {
            classes[i] = in.readInt(4);
            highest = Math.max(highest, classes[i]);
        }
        int[] sizes = new int[highest + 1];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = in.readInt(3) + 1;
            int subclasses = in.readInt(2);
            in.skip((subclasses > 0 ? 8 : 0) + (8L << subclasses));
        }
        in.skip(2);
        int bits = in.readInt(4);
        for (int each : classes) {
            in.skip((long) bits * sizes[each]);
        }
    }

    private void residues() {
        classValues = new long[in.readInt(6) + 1];
        for (int i = 0; i < classValues.length; i++) {
            int type = in.readInt(16);
            demand(type <= 2, "a residue has type " + type);
            in.skip(3 * 24);
            int classes = in.readInt(6) + 1;
            int book = in.readInt(8);
            demand(book < dimensions.length, "a residue names codebook " + book);
            double combinations = Math.pow(classes, dimensions[book]);
            demand(combinations <= entries[book], "a residue has more classes than its codebook has entries");
            classValues[i] = (long) combinations * dimensions[book];
            int stages = 0;
            for (int j = 0; j < classes; j++) {
                int cascade = in.readInt(3) | (in.read(1) == 1 ? in.readInt(5) << 3 : 0);
                stages += Integer.bitCount(cascade);
            }
            in.skip(8L * stages);
        }
    }

    /** Each mode makes tables of its own for each part of its mapping. */
    private void mappingsAndModes() {
        long[] tables = new long[in.readInt(6) + 1];
        int channelBits = 32 - Integer.numberOfLeadingZeros(channels - 1);
        for (int i = 0; i < tables.length; i++) {
            demand(in.read(16) == 0, "mapping " + i + " has an unknown type");
            int parts = in.read(1) == 1 ? in.readInt(4) + 1 : 1;
            in.skip(in.read(1) == 1 ? (in.read(8) + 1) * 2 * channelBits : 0);
            in.skip(2 + (parts > 1 ? 4L * channels : 0));
            for (int part = 0; part < parts; part++) {
                in.skip(16);
                int residue = in.readInt(8);
                demand(residue < classValues.length, "mapping " + i + " names residue " + residue);
                tables[i] += classValues[residue];
            }
        }
        long sum = 0;
        for (int left = in.readInt(6) + 1; left > 0; left--) {
            in.skip(1 + 32);
            int mapping = in.readInt(8);
            demand(mapping < tables.length, "a mode names mapping " + mapping);
            sum += tables[mapping];
        }
        demand(sum <= MAX_CLASS_VALUES, "the modes ask for too large tables");
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
