package io.millrace.models.intrusion;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one key did lately, in bounded space: gives each flow features that compare it with the flows of the same key
 * before it. Addresses and ports enter only as equal or not equal.
 *
 * <p>Strictly causal: the features of a flow depend on it and on earlier flows of the key, in the order observed. The
 * streaming job keeps the bytes of {@link #toBytes()} as keyed state; training uses the same class. Not thread-safe.
 */
public final class KeyHistory {

    /** Number of latest flows remembered one by one. */
    public static final int RECENT = 32;

    /** Number of conversations (destination, port, protocol) remembered. */
    public static final int CONVERSATIONS = 16;

    /** A conversation silent for longer starts anew, milliseconds. */
    private static final double CONVERSATION_SILENCE = 10 * 60_000.0;

    /** Names of the features, in order. A feature that needs an earlier flow is NaN where there is none. */
    public static final List<String> FEATURES = Stream.concat(
                    Stream.of(
                            "history.seconds_since_previous",
                            "history.same_destination",
                            "history.same_port",
                            "history.same_source_port",
                            "history.port_step",
                            "history.distinct_destinations",
                            "history.distinct_ports",
                            "history.share_of_destination",
                            "history.share_of_port",
                            "history.unanswered_share",
                            "history.unanswered_run",
                            "history.flows",
                            "history.flows_per_second",
                            "history.bytes_out_change",
                            "history.bytes_in_change",
                            "history.same_bytes_share",
                            "history.conversation_flows",
                            "history.conversation_seconds",
                            "history.conversation_gap",
                            "history.conversation_gap_change",
                            "history.conversation_bytes_change",
                            "history.conversation_duration_change",
                            "history.bytes_out_deviations"),
                    Contacts.FEATURES.stream())
            .toList();

    /** First byte of a stored history; changes with the layout. */
    private static final byte FORMAT = 2;

    /** Most bytes of a stored history; that of a key with few flows is shorter. */
    public static final int MOST_BYTES = 1 + 8 + 4 + 32 + RECENT * 29 + 4 + CONVERSATIONS * 36 + Contacts.MOST_BYTES;

    private static final int OUT_DEVIATIONS = 22;
    private static final int CONTACTS = 23;

    /** Those of the features that compare amounts and single contacts: more than a few thousand rows can teach. */
    public static final List<String> AMOUNTS_AND_CONTACTS = FEATURES.subList(OUT_DEVIATIONS, FEATURES.size());

    private long flows;
    private int unansweredRun;
    private double meanOut;
    private double meanIn;
    private double varianceOut;
    private double begin;

    private final int[] destination = new int[RECENT];
    private final int[] port = new int[RECENT];
    private final int[] sourcePort = new int[RECENT];
    private final double[] time = new double[RECENT];
    private final float[] out = new float[RECENT];
    private final float[] in = new float[RECENT];
    private final byte[] answered = new byte[RECENT];

    private int conversations;
    private final int[] conversation = new int[CONVERSATIONS];
    private final double[] first = new double[CONVERSATIONS];
    private final double[] last = new double[CONVERSATIONS];
    private final float[] gap = new float[CONVERSATIONS];
    private final float[] conversationOut = new float[CONVERSATIONS];
    private final float[] conversationDuration = new float[CONVERSATIONS];
    private final int[] count = new int[CONVERSATIONS];

    private Contacts contacts = new Contacts();

    /** Flows observed so far. */
    public long flows() {
        return flows;
    }

    /** Features of a flow in {@link #FEATURES} order for a flow without a context: all missing. */
    public static double[] unknown() {
        double[] values = new double[FEATURES.size()];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    /**
     * Adds a flow to the history.
     *
     * @return its features, in {@link #FEATURES} order
     */
    public double[] observe(FlowContext flow) {
        int to = flow.peer().hashCode();
        double[] f = unknown();
        int known = (int) Math.min(flows, RECENT);
        float logOut = (float) Math.log1p(Math.max(0, flow.bytesOut()));
        float logIn = (float) Math.log1p(Math.max(0, flow.bytesIn()));
        if (known > 0) {
            recent(f, flow, to, known, logOut, logIn);
        }
        f[11] = known;
        double oldest = known == 0 ? flow.endMillis() : time[(int) ((flows - known) % RECENT)];
        f[12] = known == 0 ? 0 : known / (Math.max(0, flow.endMillis() - oldest) / 1000 + 1);
        conversation(f, flow, to, logOut);
        if (flows == 0) {
            begin = flow.startMillis();
        }
        contacts.observe(flow, to, logOut, logIn, Math.max(0, flow.startMillis() - begin) / 1000, f, CONTACTS);
        remember(flow, to, logOut, logIn);
        return f;
    }

    private void recent(double[] f, FlowContext flow, int to, int known, float logOut, float logIn) {
        int previous = (int) ((flows - 1) % RECENT);
        f[0] = Math.max(0, flow.endMillis() - time[previous]) / 1000;
        f[1] = destination[previous] == to ? 1 : 0;
        f[2] = port[previous] == flow.destinationPort() ? 1 : 0;
        f[3] = sourcePort[previous] == flow.sourcePort() ? 1 : 0;
        f[4] = Math.abs(port[previous] - flow.destinationPort());
        int destinations = 0;
        int ports = 0;
        int sameDestination = 0;
        int samePort = 0;
        int unanswered = 0;
        int sameBytes = 0;
        for (int i = 0; i < known; i++) {
            boolean newDestination = destination[i] != to;
            boolean newPort = port[i] != flow.destinationPort();
            sameDestination += newDestination ? 0 : 1;
            samePort += newPort ? 0 : 1;
            unanswered += answered[i] == 0 ? 1 : 0;
            sameBytes += out[i] == logOut && in[i] == logIn ? 1 : 0;
            for (int j = 0; j < i; j++) {
                newDestination &= destination[j] != destination[i];
                newPort &= port[j] != port[i];
            }
            destinations += newDestination ? 1 : 0;
            ports += newPort ? 1 : 0;
        }
        f[5] = destinations + 1;
        f[6] = ports + 1;
        f[7] = sameDestination / (double) known;
        f[8] = samePort / (double) known;
        f[9] = unanswered / (double) known;
        f[10] = unansweredRun;
        f[13] = logOut - meanOut;
        f[14] = logIn - meanIn;
        f[15] = sameBytes / (double) known;
        f[OUT_DEVIATIONS] = (logOut - meanOut) / (Math.sqrt(varianceOut) + 0.3);
    }

    private void conversation(double[] f, FlowContext flow, int to, float logOut) {
        int id = (to * 31 + flow.destinationPort()) * 31 + flow.protocol();
        int slot = slotOf(id);
        float logDuration = (float) Math.log1p(Math.max(0, flow.endMillis() - flow.startMillis()));
        boolean fresh = slot < 0 || flow.endMillis() - last[slot] > CONVERSATION_SILENCE;
        if (slot < 0) {
            slot = freeSlot();
        }
        if (fresh) {
            conversation[slot] = id;
            first[slot] = flow.endMillis();
            gap[slot] = -1;
            conversationOut[slot] = logOut;
            conversationDuration[slot] = logDuration;
            count[slot] = 0;
            f[16] = 0;
            f[17] = 0;
        } else {
            double seconds = Math.max(0, flow.endMillis() - last[slot]) / 1000;
            f[16] = count[slot];
            f[17] = Math.max(0, flow.endMillis() - first[slot]) / 1000;
            f[18] = seconds;
            if (gap[slot] >= 0) {
                f[19] = Math.abs(Math.log1p(seconds) - Math.log1p(gap[slot]));
            }
            f[20] = logOut - conversationOut[slot];
            f[21] = logDuration - conversationDuration[slot];
            gap[slot] = (float) seconds;
            conversationOut[slot] += 0.3f * (logOut - conversationOut[slot]);
            conversationDuration[slot] += 0.1f * (logDuration - conversationDuration[slot]);
        }
        last[slot] = Math.max(fresh ? flow.endMillis() : last[slot], flow.endMillis());
        count[slot]++;
    }

    private int slotOf(int id) {
        for (int i = 0; i < conversations; i++) {
            if (conversation[i] == id) {
                return i;
            }
        }
        return -1;
    }

    /** An unused slot, or that of the conversation silent for longest. */
    private int freeSlot() {
        if (conversations < CONVERSATIONS) {
            return conversations++;
        }
        int oldest = 0;
        for (int i = 1; i < CONVERSATIONS; i++) {
            if (last[i] < last[oldest]) {
                oldest = i;
            }
        }
        return oldest;
    }

    private void remember(FlowContext flow, int to, float logOut, float logIn) {
        int at = (int) (flows % RECENT);
        destination[at] = to;
        port[at] = flow.destinationPort();
        sourcePort[at] = flow.sourcePort();
        time[at] = flow.endMillis();
        out[at] = logOut;
        in[at] = logIn;
        answered[at] = (byte) (flow.answered() ? 1 : 0);
        double share = 1 / (double) Math.min(flows + 1, 50);
        varianceOut += share * ((1 - share) * (logOut - meanOut) * (logOut - meanOut) - varianceOut);
        meanOut += share * (logOut - meanOut);
        meanIn += share * (logIn - meanIn);
        unansweredRun = flow.answered() ? 0 : unansweredRun + 1;
        flows++;
    }

    /** The history as at most {@link #MOST_BYTES} bytes. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        bytes.put(FORMAT)
                .putLong(flows)
                .putInt(unansweredRun)
                .putDouble(meanOut)
                .putDouble(meanIn)
                .putDouble(varianceOut)
                .putDouble(begin);
        for (int i = 0; i < Math.min(flows, RECENT); i++) {
            bytes.putInt(destination[i]).putInt(port[i]).putInt(sourcePort[i]).putDouble(time[i]);
            bytes.putFloat(out[i]).putFloat(in[i]).put(answered[i]);
        }
        bytes.putInt(conversations);
        for (int i = 0; i < conversations; i++) {
            bytes.putInt(conversation[i]).putDouble(first[i]).putDouble(last[i]).putFloat(gap[i]);
            bytes.putFloat(conversationOut[i]).putFloat(conversationDuration[i]).putInt(count[i]);
        }
        contacts.write(bytes);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /**
     * Restores what {@link #toBytes()} gave.
     *
     * @throws IllegalArgumentException if the bytes are not a history of this version
     */
    public static KeyHistory fromBytes(byte[] stored) {
        if (stored.length == 0 || stored[0] != FORMAT) {
            throw notAHistory(stored);
        }
        ByteBuffer bytes = ByteBuffer.wrap(stored, 1, stored.length - 1);
        try {
            KeyHistory history = read(bytes);
            if (bytes.hasRemaining()) {
                throw notAHistory(stored);
            }
            return history;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw notAHistory(stored);
        }
    }

    private static IllegalArgumentException notAHistory(byte[] stored) {
        return new IllegalArgumentException("not a key history of format " + FORMAT + ": " + stored.length + " bytes"
                + (stored.length == 0 ? "" : " of format " + stored[0]));
    }

    private static KeyHistory read(ByteBuffer bytes) {
        KeyHistory history = new KeyHistory();
        history.flows = bytes.getLong();
        history.unansweredRun = bytes.getInt();
        history.meanOut = bytes.getDouble();
        history.meanIn = bytes.getDouble();
        history.varianceOut = bytes.getDouble();
        history.begin = bytes.getDouble();
        for (int i = 0; i < Math.min(history.flows, RECENT); i++) {
            history.destination[i] = bytes.getInt();
            history.port[i] = bytes.getInt();
            history.sourcePort[i] = bytes.getInt();
            history.time[i] = bytes.getDouble();
            history.out[i] = bytes.getFloat();
            history.in[i] = bytes.getFloat();
            history.answered[i] = bytes.get();
        }
        history.conversations = bytes.getInt();
        for (int i = 0; i < history.conversations; i++) {
            history.conversation[i] = bytes.getInt();
            history.first[i] = bytes.getDouble();
            history.last[i] = bytes.getDouble();
            history.gap[i] = bytes.getFloat();
            history.conversationOut[i] = bytes.getFloat();
            history.conversationDuration[i] = bytes.getFloat();
            history.count[i] = bytes.getInt();
        }
        history.contacts = Contacts.read(bytes);
        return history;
    }
}
