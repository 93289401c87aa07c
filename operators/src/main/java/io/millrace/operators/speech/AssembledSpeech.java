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
 * A chunk of features of one channel, cut as the model takes it, or the end of a stretch of the channel. Fields are
 * public for Flink's serializer.
 */
@TypeInfo(AssembledSpeech.Info.class)
public final class AssembledSpeech {

    /** Stream. */
    public String streamId;
    /** Channel of the stream. */
    public int channel;
    /** Where the stretch began, milliseconds of the channel. */
    public long stretchStartMillis;
    /** Event time at which it began, milliseconds since the epoch. */
    public long stretchStartTime;
    /** Log-mel features: frames before the chunk, then those of the chunk, frame after frame; empty at the end. */
    public float[] mel = {};
    /** Number of those frames. */
    public int frames;
    /** Encoder frames that the frames before the chunk make. */
    public int drop;
    /** Number of the first encoder frame of the chunk in its stretch. */
    public long firstFrame;
    /** Look-ahead in encoder frames. */
    public int lookAhead;
    /** Silence that ends an utterance, milliseconds; 0 for the job's. */
    public int silenceMillis;
    /** Words and phrases to prefer. */
    public List<String> phrases = List.of();
    /** Milliseconds of the stretch that have been heard with this chunk. */
    public long heardMillis;
    /** Milliseconds of silence that were put in for lost audio in the stretch so far. */
    public long filledMillis;
    /** Where the latest record was read that went into this; null if that is not known. */
    public Origin origin;
    /** Offset of the first record that went into this and not into what came before it. */
    public long sinceOffset;
    /** What ended the stretch; null in a chunk. */
    public String endedBy;

    public AssembledSpeech() {}

    /** Whether this is the end of a stretch. */
    public boolean isEnd() {
        return endedBy != null;
    }

    /** Key of the channel. */
    public String key() {
        return key(streamId, channel);
    }

    /** Key of a channel of a stream; the channel first, for a stream may be named anything. */
    static String key(String streamId, int channel) {
        return channel + "|" + streamId;
    }

    /** The same without features. */
    AssembledSpeech withoutMel() {
        AssembledSpeech bare = new AssembledSpeech();
        bare.streamId = streamId;
        bare.channel = channel;
        bare.stretchStartMillis = stretchStartMillis;
        bare.stretchStartTime = stretchStartTime;
        bare.frames = frames;
        bare.drop = drop;
        bare.firstFrame = firstFrame;
        bare.lookAhead = lookAhead;
        bare.silenceMillis = silenceMillis;
        bare.phrases = phrases;
        bare.heardMillis = heardMillis;
        bare.filledMillis = filledMillis;
        bare.origin = origin;
        bare.sinceOffset = sinceOffset;
        bare.endedBy = endedBy;
        return bare;
    }

    /** Tells Flink how to serialise it. */
    public static final class Info extends TypeInfoFactory<AssembledSpeech> {
        @Override
        public TypeInformation<AssembledSpeech> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            return Types.POJO(
                    AssembledSpeech.class,
                    Map.ofEntries(
                            Map.entry("streamId", Types.STRING),
                            Map.entry("channel", Types.INT),
                            Map.entry("stretchStartMillis", Types.LONG),
                            Map.entry("stretchStartTime", Types.LONG),
                            Map.entry("mel", Types.PRIMITIVE_ARRAY(Types.FLOAT)),
                            Map.entry("frames", Types.INT),
                            Map.entry("drop", Types.INT),
                            Map.entry("firstFrame", Types.LONG),
                            Map.entry("lookAhead", Types.INT),
                            Map.entry("silenceMillis", Types.INT),
                            Map.entry("phrases", Types.LIST(Types.STRING)),
                            Map.entry("heardMillis", Types.LONG),
                            Map.entry("filledMillis", Types.LONG),
                            Map.entry("origin", TypeInformation.of(Origin.class)),
                            Map.entry("sinceOffset", Types.LONG),
                            Map.entry("endedBy", Types.STRING)));
        }
    }
}
