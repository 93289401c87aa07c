package io.millrace.operators.speech;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.operators.source.Traced;
import io.millrace.schemas.AudioChunk;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** What {@link ChannelAssembler} keeps of a channel. Fields are public for Flink's serializer. */
@TypeInfo(ChannelState.Info.class)
public final class ChannelState {

    /** Where a channel is. */
    enum Phase {
        /** Chunks wait for the first. */
        AWAITED,
        /** Audio is heard. */
        HEARD,
        /** Over; remembered for a while, so that repeats of its chunks are known for what they are. */
        OVER
    }

    /** No timer is set. */
    static final long NO_TIMER = Long.MAX_VALUE;

    /** Name of the {@link Phase}. */
    public String phase = Phase.AWAITED.name();
    /** Sequence of the next chunk. */
    public long nextSequence;
    /** Samples of the channel before the next chunk. */
    public long nextOffset;
    /** Samples a second; 0 until the first chunk is heard. */
    public int sampleRate;
    /** Latest event time of the chunks heard, milliseconds. */
    public long lastEventTime = Long.MIN_VALUE;
    /** Chunks that wait for one before them, by sequence. */
    public List<Traced<AudioChunk>> waiting = new ArrayList<>();
    /** Sequences that were given up, the latest at the end: what comes of them is late, not repeated. */
    public List<Long> lost = new ArrayList<>();
    /** Wall-clock time from which a missing chunk is waited for, milliseconds. */
    public long waitingSince;
    /** Wall-clock time of the latest chunk, milliseconds. */
    public long lastChunkAt;
    /** The timer that will look at this state, wall clock in milliseconds, or {@link #NO_TIMER}. */
    public long timer = NO_TIMER;
    /** The stretch that is heard; null while none is. */
    public StretchState stretch;

    public ChannelState() {}

    Phase phase() {
        return Phase.valueOf(phase);
    }

    /** Tells Flink how to serialise the state. */
    public static final class Info extends TypeInfoFactory<ChannelState> {
        @Override
        public TypeInformation<ChannelState> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            return Types.POJO(
                    ChannelState.class,
                    Map.ofEntries(
                            Map.entry("phase", Types.STRING),
                            Map.entry("nextSequence", Types.LONG),
                            Map.entry("nextOffset", Types.LONG),
                            Map.entry("sampleRate", Types.INT),
                            Map.entry("lastEventTime", Types.LONG),
                            Map.entry("waiting", Types.LIST(Traced.of(AudioChunk.class))),
                            Map.entry("lost", Types.LIST(Types.LONG)),
                            Map.entry("waitingSince", Types.LONG),
                            Map.entry("lastChunkAt", Types.LONG),
                            Map.entry("timer", Types.LONG),
                            Map.entry("stretch", TypeInformation.of(StretchState.class))));
        }
    }
}
