package io.millrace.connectors.audio.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import com.github.trilarion.sound.vorbis.jcraft.jogg.Packet;
import com.github.trilarion.sound.vorbis.jcraft.jorbis.Block;
import com.github.trilarion.sound.vorbis.jcraft.jorbis.Comment;
import com.github.trilarion.sound.vorbis.jcraft.jorbis.DspState;
import com.github.trilarion.sound.vorbis.jcraft.jorbis.Info;
import io.millrace.connectors.audio.AudioFormat;
import io.millrace.connectors.audio.AudioFormatException;

/**
 * Vorbis in Ogg. Pages and packets are found and checked here; the decoder gets packets whose setup header has been
 * checked, and no comments. Samples past the last page's position are encoder padding and are taken off.
 */
public final class VorbisSource implements AudioSource {
    private static final byte[] NO_COMMENTS = {3, 'v', 'o', 'r', 'b', 'i', 's', 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final CountedInput in;
    private final OggPackets packets;
    private final AudioFormat format;
    private final Info info = new Info();
    private final DspState synthesis = new DspState();
    private final Block block;
    private long number;
    private long decoded;
    private long offset = -1;

    /** Whether a file that begins so is an Ogg file. */
    public static boolean begins(byte[] head) {
        return OggPackets.begins(head);
    }

    public VorbisSource(CountedInput in) throws IOException {
        this.in = in;
        packets = new OggPackets(in);
        byte[] identification = header(1);
        if (identification.length < 30) {
            throw new AudioFormatException(
                    "Vorbis: the identification header before byte " + in.position() + " is too short");
        }
        ByteBuffer fields = ByteBuffer.wrap(identification).order(ByteOrder.LITTLE_ENDIAN);
        format = AudioFormat.checked(AudioFormat.Codec.VORBIS, fields.getInt(12) & 0xffff_ffffL, fields.get(11) & 0xff);
        header(3);
        byte[] setup = header(5);
        try {
            VorbisSetup.check(setup, format.channels());
        } catch (IllegalStateException e) {
            throw new AudioFormatException(
                    "Vorbis: the setup header before byte " + in.position() + ": " + e.getMessage(), e);
        }
        Comment comments = new Comment();
        info.init();
        comments.init();
        boolean taken = info.synthesis_headerin(comments, packet(identification)) == 0
                && info.synthesis_headerin(comments, packet(NO_COMMENTS)) == 0
                && info.synthesis_headerin(comments, packet(setup)) == 0;
        if (!taken) {
            throw new AudioFormatException("Vorbis: the headers before byte " + in.position() + " make no sense");
        }
        synthesis.synthesis_init(info);
        block = new Block(synthesis);
    }

    private byte[] header(int type) throws IOException {
        OggPackets.Packet packet = packets.next();
        if (packet == null || packet.bytes().length < 7 || packet.bytes()[0] != type) {
            throw new AudioFormatException("Vorbis: header " + type + " is missing before byte " + in.position());
        }
        return packet.bytes();
    }

    private Packet packet(byte[] bytes) {
        Packet packet = new Packet();
        packet.packet_base = bytes;
        packet.bytes = bytes.length;
        packet.b_o_s = number == 0 ? 1 : 0;
        packet.granulepos = -1;
        packet.packetno = number++;
        return packet;
    }

    @Override
    public AudioFormat format() {
        return format;
    }

    @Override
    public float[][] next() throws IOException {
        for (OggPackets.Packet packet = packets.next(); packet != null; packet = packets.next()) {
            int count = packet.bytes().length == 0 ? 0 : decode(packet.bytes());
            float[][] samples = count == 0 ? null : take(count);
            count = within(packet, count);
            if (count > 0) {
                for (int i = 0; i < samples.length; i++) {
                    samples[i] = count == samples[i].length ? samples[i] : Arrays.copyOf(samples[i], count);
                }
                return samples;
            }
        }
        return null;
    }

    /** Decodes a packet: the number of samples that are ready. */
    private int decode(byte[] bytes) throws AudioFormatException {
        if (block.synthesis(packet(bytes)) != 0) {
            throw new AudioFormatException(
                    "Vorbis: packet " + (number - 1) + " before byte " + in.position() + " is damaged");
        }
        synthesis.synthesis_blockin(block);
        return synthesis.synthesis_pcmout(null, null);
    }

    private float[][] take(int count) {
        float[][][] pcm = new float[1][][];
        int[] from = new int[format.channels()];
        synthesis.synthesis_pcmout(pcm, from);
        float[][] samples = new float[format.channels()][count];
        for (int channel = 0; channel < samples.length; channel++) {
            for (int i = 0; i < count; i++) {
                float sample = pcm[0][channel][from[channel] + i];
                if (Float.isNaN(sample)) {
                    throw new IllegalStateException("a sample is not a number");
                }
                samples[channel][i] = Math.max(-1, Math.min(1, sample));
            }
        }
        synthesis.synthesis_read(count);
        return samples;
    }

    /** How many of the samples that a packet gave are of the stream, by the positions that pages say. */
    private int within(OggPackets.Packet packet, int count) {
        long before = decoded;
        decoded += count;
        if (packet.granule() >= 0 && offset < 0) {
            offset = packet.last() ? 0 : Math.max(0, packet.granule() - decoded);
        }
        if (!packet.last() || packet.granule() < 0) {
            return count;
        }
        return (int) Math.max(0, Math.min(count, packet.granule() - offset - before));
    }
}
