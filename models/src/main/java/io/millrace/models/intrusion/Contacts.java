package io.millrace.models.intrusion;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whom one key talks to again and again, in bounded space: how evenly in time and size, and how much was sent in sum. This is
 * what gives beacons and uploads away, slow ones too.
 *
 * <p>A contact is a destination, port and protocol; datagrams of unlike sizes are contacts of their own, so that calls
 * which hide among the look-ups at a resolver stand apart. A contact met once waits among the newcomers, so that passing
 * destinations do not drive out those that are called at long intervals; met again it takes a place of its own, that of
 * the contact most overdue by its own mean interval.
 */
final class Contacts {

    /** Number of contacts met more than once that are remembered. */
    static final int REPEATED = 24;

    /** Number of latest contacts met once that are remembered. */
    static final int NEWCOMERS = 48;

    /** Names of the features, in order. One that needs an earlier flow of the contact is NaN where there is none. */
    static final List<String> FEATURES = List.of(
            "history.contact_flows",
            "history.contact_seconds",
            "history.contact_gap",
            "history.contact_gap_change",
            "history.contact_gap_spread",
            "history.contact_even_run",
            "history.contact_out_change",
            "history.contact_out_spread",
            "history.contact_in_spread",
            "history.contact_size_run",
            "history.contact_known_before",
            "history.destination_sent",
            "history.destination_sent_to_received");

    /** Most bytes that {@link #write} writes. */
    static final int MOST_BYTES = 1 + REPEATED * 72 + 4 + NEWCOMERS * 24;

    private static final int UDP = 17;

    /** Mean of the latest so many values at most. */
    private static final int REMEMBERED = 16;

    /** An interval within a factor e^this of the mean is even: jitter of 40 % is. */
    private static final double EVEN = 0.5;

    /** Sizes within a factor e^this of the mean are the same. */
    private static final double SAME_SIZE = 0.12;

    /** A key known for so many seconds is known well enough to call a contact new. */
    private static final double KNOWN_LONG = 900;

    /** Grace before a contact is overdue, seconds. */
    private static final double GRACE = 30;

    private int repeated;
    private final int[] id = new int[REPEATED];
    private final int[] destination = new int[REPEATED];
    private final double[] first = new double[REPEATED];
    private final double[] last = new double[REPEATED];
    private final int[] count = new int[REPEATED];
    private final int[] evenRun = new int[REPEATED];
    private final int[] sizeRun = new int[REPEATED];
    private final float[] gap = new float[REPEATED];
    private final float[] gapSpread = new float[REPEATED];
    private final float[] out = new float[REPEATED];
    private final float[] outSpread = new float[REPEATED];
    private final float[] in = new float[REPEATED];
    private final float[] inSpread = new float[REPEATED];
    private final float[] sent = new float[REPEATED];
    private final float[] received = new float[REPEATED];
    private final float[] knownBefore = new float[REPEATED];

    private int newcomers;
    private final int[] newId = new int[NEWCOMERS];
    private final double[] newTime = new double[NEWCOMERS];
    private final float[] newOut = new float[NEWCOMERS];
    private final float[] newIn = new float[NEWCOMERS];
    private final float[] newKnownBefore = new float[NEWCOMERS];

    /**
     * Adds a flow.
     *
     * @param to hash of the destination
     * @param logOut logarithm of bytes out + 1
     * @param logIn logarithm of bytes in + 1
     * @param known seconds since the key was first met; all above {@value #KNOWN_LONG} are alike
     * @param f where the features go
     * @param at place of the first of them
     */
    void observe(FlowContext flow, int to, float logOut, float logIn, double known, double[] f, int at) {
        int contact = (to * 31 + flow.destinationPort()) * 31 + flow.protocol();
        if (flow.protocol() == UDP) {
            contact = contact * 31 + Math.round(logOut * 4);
        }
        double now = flow.startMillis();
        int slot = slotOf(contact);
        if (slot < 0) {
            slot = promote(contact, to, now);
        }
        f[at] = slot < 0 ? 0 : count[slot];
        if (slot < 0) {
            double before = Math.min(known, KNOWN_LONG);
            welcome(contact, now, logOut, logIn, before);
            f[at + 10] = before;
        } else {
            again(slot, now, logOut, logIn, f, at);
            f[at + 10] = knownBefore[slot];
            sent[slot] += (float) Math.max(0, flow.bytesOut());
            received[slot] += (float) Math.max(0, flow.bytesIn());
        }
        totals(flow, slot, to, f, at);
    }

    private void again(int slot, double now, float logOut, float logIn, double[] f, int at) {
        double seconds = Math.max(0, now - last[slot]) / 1000;
        double outChange = Math.abs(logOut - out[slot]);
        double inChange = Math.abs(logIn - in[slot]);
        f[at + 1] = Math.max(0, now - first[slot]) / 1000;
        f[at + 2] = seconds;
        float share = 1f / Math.min(count[slot], REMEMBERED);
        if (count[slot] == 1) {
            gap[slot] = (float) seconds;
        } else {
            double change = Math.abs(Math.log((seconds + 0.05) / (gap[slot] + 0.05)));
            evenRun[slot] = change < EVEN ? evenRun[slot] + 1 : 0;
            gapSpread[slot] += (count[slot] == 2 ? 1 : share) * (float) (change - gapSpread[slot]);
            gap[slot] += share * (float) (seconds - gap[slot]);
            f[at + 3] = change;
            f[at + 4] = gapSpread[slot];
        }
        sizeRun[slot] = outChange < SAME_SIZE ? sizeRun[slot] + 1 : 0;
        outSpread[slot] += share * (float) (outChange - outSpread[slot]);
        inSpread[slot] += share * (float) (inChange - inSpread[slot]);
        f[at + 5] = evenRun[slot];
        f[at + 6] = outChange;
        f[at + 7] = outSpread[slot];
        f[at + 8] = inSpread[slot];
        f[at + 9] = sizeRun[slot];
        count[slot]++;
        share = 1f / Math.min(count[slot], REMEMBERED);
        out[slot] += share * (logOut - out[slot]);
        in[slot] += share * (logIn - in[slot]);
        last[slot] = Math.max(last[slot], now);
    }

    /** What was sent to the destination, over all its contacts, with this flow. */
    private void totals(FlowContext flow, int slot, int to, double[] f, int at) {
        double allSent = slot < 0 ? Math.max(0, flow.bytesOut()) : 0;
        double allReceived = slot < 0 ? Math.max(0, flow.bytesIn()) : 0;
        for (int i = 0; i < repeated; i++) {
            if (destination[i] == to) {
                allSent += sent[i];
                allReceived += received[i];
            }
        }
        f[at + 11] = allSent;
        f[at + 12] = Math.log1p(allSent) - Math.log1p(allReceived);
    }

    private int slotOf(int contact) {
        for (int i = 0; i < repeated; i++) {
            if (id[i] == contact) {
                return i;
            }
        }
        return -1;
    }

    /** Gives a newcomer that is met again a place of its own; -1 if it is none. */
    private int promote(int contact, int to, double now) {
        int known = Math.min(newcomers, NEWCOMERS);
        for (int i = 0; i < known; i++) {
            if (newId[i] == contact) {
                int slot = repeated < REPEATED ? repeated++ : mostOverdue(now);
                id[slot] = contact;
                destination[slot] = to;
                first[slot] = newTime[i];
                last[slot] = newTime[i];
                count[slot] = 1;
                evenRun[slot] = 0;
                sizeRun[slot] = 0;
                gap[slot] = 0;
                gapSpread[slot] = 0;
                out[slot] = newOut[i];
                in[slot] = newIn[i];
                outSpread[slot] = 0;
                inSpread[slot] = 0;
                sent[slot] = (float) Math.expm1(newOut[i]);
                received[slot] = (float) Math.expm1(newIn[i]);
                knownBefore[slot] = newKnownBefore[i];
                newId[i] = 0;
                return slot;
            }
        }
        return -1;
    }

    private int mostOverdue(double now) {
        int most = 0;
        double longest = -1;
        for (int i = 0; i < repeated; i++) {
            double overdue = (now - last[i]) / 1000 / (gap[i] + GRACE);
            if (overdue > longest) {
                most = i;
                longest = overdue;
            }
        }
        return most;
    }

    private void welcome(int contact, double now, float logOut, float logIn, double known) {
        int at = newcomers % NEWCOMERS;
        newId[at] = contact;
        newTime[at] = now;
        newOut[at] = logOut;
        newIn[at] = logIn;
        newKnownBefore[at] = (float) known;
        newcomers = newcomers + 1 < 2 * NEWCOMERS ? newcomers + 1 : NEWCOMERS;
    }

    /** Writes the contacts, in at most {@link #MOST_BYTES}. */
    void write(ByteBuffer bytes) {
        bytes.put((byte) repeated);
        for (int i = 0; i < repeated; i++) {
            bytes.putInt(id[i]).putInt(destination[i]).putDouble(first[i]).putDouble(last[i]);
            bytes.putInt(count[i]).putInt(evenRun[i]).putInt(sizeRun[i]);
            bytes.putFloat(gap[i]).putFloat(gapSpread[i]).putFloat(out[i]).putFloat(outSpread[i]);
            bytes.putFloat(in[i]).putFloat(inSpread[i]).putFloat(sent[i]).putFloat(received[i]);
            bytes.putFloat(knownBefore[i]);
        }
        bytes.putInt(newcomers);
        for (int i = 0; i < Math.min(newcomers, NEWCOMERS); i++) {
            bytes.putInt(newId[i]).putDouble(newTime[i]).putFloat(newOut[i]).putFloat(newIn[i]);
            bytes.putFloat(newKnownBefore[i]);
        }
    }

    /** Reads what {@link #write} wrote. */
    static Contacts read(ByteBuffer bytes) {
        Contacts contacts = new Contacts();
        contacts.repeated = bytes.get();
        for (int i = 0; i < contacts.repeated; i++) {
            contacts.id[i] = bytes.getInt();
            contacts.destination[i] = bytes.getInt();
            contacts.first[i] = bytes.getDouble();
            contacts.last[i] = bytes.getDouble();
            contacts.count[i] = bytes.getInt();
            contacts.evenRun[i] = bytes.getInt();
            contacts.sizeRun[i] = bytes.getInt();
            contacts.gap[i] = bytes.getFloat();
            contacts.gapSpread[i] = bytes.getFloat();
            contacts.out[i] = bytes.getFloat();
            contacts.outSpread[i] = bytes.getFloat();
            contacts.in[i] = bytes.getFloat();
            contacts.inSpread[i] = bytes.getFloat();
            contacts.sent[i] = bytes.getFloat();
            contacts.received[i] = bytes.getFloat();
            contacts.knownBefore[i] = bytes.getFloat();
        }
        contacts.newcomers = bytes.getInt();
        for (int i = 0; i < Math.min(contacts.newcomers, NEWCOMERS); i++) {
            contacts.newId[i] = bytes.getInt();
            contacts.newTime[i] = bytes.getDouble();
            contacts.newOut[i] = bytes.getFloat();
            contacts.newIn[i] = bytes.getFloat();
            contacts.newKnownBefore[i] = bytes.getFloat();
        }
        return contacts;
    }
}
