package io.millrace.operators.speech;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

import io.millrace.operators.source.Origin;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Where a stretch of a channel stands: audio heard in one go, from samples to the features that the next chunk is made
 * of. Fields are public for Flink's serializer.
 */
@TypeInfo(StretchState.Info.class)
public final class StretchState {

    /** No lag has been seen. */
    static final long NOT_SEEN = Long.MAX_VALUE;

    /** Stream. */
    public String streamId;
    /** Channel. */
    public int channel;
    /** Where the stretch began, milliseconds of the channel. */
    public long startMillis;
    /** Event time at which it began, milliseconds since the epoch. */
    public long startTime;
    /** Look-ahead of the next chunk, encoder frames. */
    public int lookAhead;
    /** Look-ahead that the stream or the job asked for. */
    public int askedLookAhead;
    /** Silence that ends an utterance, milliseconds; 0 for the job's. */
    public int silenceMillis;
    /** Words and phrases to prefer. */
    public List<String> phrases = List.of();
    /** Where the latest record was read that is heard; null if that is not known. */
    public Origin origin;
    /** Offset of the first record that has gone into no chunk yet. */
    public long sinceOffset;
    /** Samples put in for lost audio, at the channel's rate. */
    public long filledSamples;

    /** {@link io.millrace.schemas.audio.ResamplerState}: input samples taken. */
    public long taken;
    /** Output samples given. */
    public long given;
    /** Input samples that later output needs. */
    public float[] history = {};

    /** {@link io.millrace.models.speech.frontend.MelStream.State}: samples from the window of the next frame on. */
    public float[] kept = {};
    /** Last sample. */
    public float previous;
    /** Samples seen. */
    public long samples;

    /** Mel frames that the next chunk may need: those before it, then those that wait. */
    public float[] mel = {};
    /** How many of them lie before it. */
    public int before;
    /** Mel frames that chunks have taken. */
    public long position;

    /** {@link LookAheadControl}: least lag of the stream's audio, microseconds, or {@link #NOT_SEEN}. */
    public long leastLagMicros = NOT_SEEN;
    /** Milliseconds of audio through which the stream has kept up. */
    public long calmMillis;

    public StretchState() {}

    /** The same; of the arrays only those that a stretch replaces and never changes are shared. */
    StretchState copy() {
        StretchState copy = new StretchState();
        copy.streamId = streamId;
        copy.channel = channel;
        copy.startMillis = startMillis;
        copy.startTime = startTime;
        copy.lookAhead = lookAhead;
        copy.askedLookAhead = askedLookAhead;
        copy.silenceMillis = silenceMillis;
        copy.phrases = phrases;
        copy.origin = origin;
        copy.sinceOffset = sinceOffset;
        copy.filledSamples = filledSamples;
        copy.taken = taken;
        copy.given = given;
        copy.history = history.clone();
        copy.kept = kept;
        copy.previous = previous;
        copy.samples = samples;
        copy.mel = mel;
        copy.before = before;
        copy.position = position;
        copy.leastLagMicros = leastLagMicros;
        copy.calmMillis = calmMillis;
        return copy;
    }

    /** Tells Flink how to serialise the state. */
    public static final class Info extends TypeInfoFactory<StretchState> {
        @Override
        public TypeInformation<StretchState> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            TypeInformation<?> floats = Types.PRIMITIVE_ARRAY(Types.FLOAT);
            return Types.POJO(
                    StretchState.class,
                    Map.ofEntries(
                            Map.entry("streamId", Types.STRING),
                            Map.entry("channel", Types.INT),
                            Map.entry("startMillis", Types.LONG),
                            Map.entry("startTime", Types.LONG),
                            Map.entry("lookAhead", Types.INT),
                            Map.entry("askedLookAhead", Types.INT),
                            Map.entry("silenceMillis", Types.INT),
                            Map.entry("phrases", Types.LIST(Types.STRING)),
                            Map.entry("origin", TypeInformation.of(Origin.class)),
                            Map.entry("sinceOffset", Types.LONG),
                            Map.entry("filledSamples", Types.LONG),
                            Map.entry("taken", Types.LONG),
                            Map.entry("given", Types.LONG),
                            Map.entry("history", floats),
                            Map.entry("kept", floats),
                            Map.entry("previous", Types.FLOAT),
                            Map.entry("samples", Types.LONG),
                            Map.entry("mel", floats),
                            Map.entry("before", Types.INT),
                            Map.entry("position", Types.LONG),
                            Map.entry("leastLagMicros", Types.LONG),
                            Map.entry("calmMillis", Types.LONG)));
        }
    }
}
