package io.millrace.operators.intrusion;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** What {@link FlowAssembler} keeps of a key. Fields are public for Flink's serializer. */
public final class HostState {

    /** No timer is set. */
    static final long NO_TIMER = Long.MIN_VALUE;

    static final TypeInformation<HostState> TYPE = Types.POJO(HostState.class);

    /** Flows assembled so far. */
    public long sequence;
    /** Event time of the last one, milliseconds. */
    public long lastTime = Long.MIN_VALUE;
    /** The timer that will see whether the key is idle, event time in milliseconds, or {@link #NO_TIMER}. */
    public long expiryTimer = NO_TIMER;
    /** {@link io.millrace.models.intrusion.KeyHistory#toBytes()}. */
    public byte[] history;
    /** Ids of the latest flows, newest first. */
    public String[] ids = new String[0];
    /** The latest flows in one line each, newest first. */
    public String[] summaries = new String[0];

    /** The state of a key that was forgotten and is met again while the timer of before is still to fire. */
    static HostState startedAnew(long expiryTimer) {
        HostState state = new HostState();
        state.expiryTimer = expiryTimer;
        return state;
    }
}
