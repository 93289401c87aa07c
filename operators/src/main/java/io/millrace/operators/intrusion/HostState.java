package io.millrace.operators.intrusion;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** What {@link FlowAssembler} keeps of a key. Fields are public for Flink's serializer. */
public final class HostState {

    static final TypeInformation<HostState> TYPE = Types.POJO(HostState.class);

    /** Flows assembled so far. */
    public long sequence;
    /** Event time of the last one, milliseconds. */
    public long lastTime = Long.MIN_VALUE;
    /** When to see whether the key is idle, event time in milliseconds. */
    public long expiryTimer;
    /** {@link io.millrace.models.intrusion.KeyHistory#toBytes()}. */
    public byte[] history;
    /** Ids of the latest flows, newest first. */
    public String[] ids = new String[0];
    /** The latest flows in one line each, newest first. */
    public String[] summaries = new String[0];
}
