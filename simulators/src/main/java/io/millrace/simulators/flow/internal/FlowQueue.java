package io.millrace.simulators.flow.internal;

import java.util.Arrays;

import io.millrace.simulators.random.SeededRandom;

/**
 * Flows under way, ordered by the time their exporter reports them (a binary heap; ties in order of creation). Flows longer
 * than the active timeout are split here as exporters do. Bounded: with {@link #CROWDED} flows under way new ones are
 * cut to a minute, with twice as many to half a second, which keeps memory flat whatever the rate.
 */
public final class FlowQueue {
    /** Active timeout of the exporters: longer flows are reported in pieces. */
    static final long ACTIVE_TIMEOUT_MICROS = 1_800_000_000L;
    /** Number of flows under way above which new flows are cut short. */
    public static final int CROWDED = 500_000;

    private static final long CROWDED_LONGEST_MICROS = 60_000_000L;
    private static final long FULL_LONGEST_MICROS = 500_000L;
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int RST = 4;

    private final SeededRandom random;
    private final long disorderMicros;
    private SimulatedFlow[] heap = new SimulatedFlow[1024];
    private int size;
    private long sequence;

    public FlowQueue(SeededRandom random, long disorderMicros) {
        this.random = random;
        this.disorderMicros = disorderMicros;
    }

    /** Takes a flow; it comes out again at its emission time. A flow of a host with itself never reaches a wire. */
    void add(SimulatedFlow flow) {
        if (flow.source == flow.destination) {
            return;
        }
        long longest =
                size < CROWDED ? Long.MAX_VALUE : size < 2 * CROWDED ? CROWDED_LONGEST_MICROS : FULL_LONGEST_MICROS;
        flow.endMicros = Math.min(flow.endMicros, flow.startMicros + Math.min(longest, 7L * 86_400_000_000L));
        if (flow.endMicros - flow.startMicros > ACTIVE_TIMEOUT_MICROS) {
            addInPieces(flow);
        } else {
            push(flow);
        }
    }

    /** Returns the emission time of the first flow, or {@link Long#MAX_VALUE} when empty. */
    public long nextEmitMicros() {
        return size == 0 ? Long.MAX_VALUE : heap[0].emitMicros;
    }

    public int size() {
        return size;
    }

    /** Returns the flows taken so far. */
    long added() {
        return sequence;
    }

    private void addInPieces(SimulatedFlow flow) {
        long duration = flow.endMicros - flow.startMicros;
        int pieces = (int) ((duration + ACTIVE_TIMEOUT_MICROS - 1) / ACTIVE_TIMEOUT_MICROS);
        boolean tcp = flow.protocol == TcpWire.PROTOCOL;
        for (int i = 0; i < pieces; i++) {
            long packetsOut = part(flow.packetsOut, i, pieces);
            long packetsIn = part(flow.packetsIn, i, pieces);
            if (packetsOut + packetsIn == 0) {
                continue;
            }
            SimulatedFlow piece = flow.copy();
            piece.startMicros = flow.startMicros + i * ACTIVE_TIMEOUT_MICROS;
            piece.endMicros = Math.min(flow.endMicros, piece.startMicros + ACTIVE_TIMEOUT_MICROS);
            piece.packetsOut = packetsOut;
            piece.packetsIn = packetsIn;
            piece.bytesOut = flow.packetsOut == 0 ? 0 : (long) ((double) flow.bytesOut / flow.packetsOut * packetsOut);
            piece.bytesIn = flow.packetsIn == 0 ? 0 : (long) ((double) flow.bytesIn / flow.packetsIn * packetsIn);
            if (tcp) {
                int mask = ~((i > 0 ? SYN : 0) | (i < pieces - 1 ? FIN | RST : 0));
                piece.flagsOut &= mask;
                piece.flagsIn &= mask;
                piece.state = i == 0 ? "S1" : "OTH";
                piece.history = i == 0 ? "ShADad" : "DdA";
            }
            push(piece);
        }
    }

    private static long part(long total, int index, int pieces) {
        return total * (index + 1) / pieces - total * index / pieces;
    }

    private void push(SimulatedFlow flow) {
        flow.sequence = sequence++;
        long delay = disorderMicros == 0 ? 0 : (long) (random.uniform() * random.uniform() * disorderMicros);
        flow.emitMicros = flow.endMicros + delay;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (!before(flow, heap[parent])) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = flow;
    }

    /** Removes and returns the flow that is reported first. */
    public SimulatedFlow poll() {
        SimulatedFlow first = heap[0];
        SimulatedFlow last = heap[--size];
        heap[size] = null;
        int at = 0;
        int half = size >>> 1;
        while (at < half) {
            int child = 2 * at + 1;
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], last)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        if (size > 0) {
            heap[at] = last;
        }
        return first;
    }

    private static boolean before(SimulatedFlow a, SimulatedFlow b) {
        return a.emitMicros < b.emitMicros || (a.emitMicros == b.emitMicros && a.sequence < b.sequence);
    }
}
