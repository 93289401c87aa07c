package io.millrace.operators.speech;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.Levels;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** What {@link Transcripts} keeps of a stretch of a channel. Fields are public for Flink's serializer. */
@TypeInfo(UtteranceState.Info.class)
public final class UtteranceState {

    /** Number of the utterance that is not over. */
    public long utterance;
    /** Tells which tokens the last partial result was made of; 0 if there was none. */
    public int shown;
    /** {@link UtteranceDecoder.State}: encoder frames heard. */
    public long frames;
    /** Best token of the last of them by the CTC head. */
    public int lastBest;
    /** Tokens of each hypothesis of the utterance that is not over, the best first. */
    public int[] counts = {0};
    /** Those tokens, one hypothesis behind another. */
    public int[] tokens = {};
    /** Their frames. */
    public long[] tokenFrames = {};
    /** Their log-probabilities. */
    public float[] tokenLogProbabilities = {};
    /** {@link Levels}: mel frame of the first. */
    public long levelsFrom;
    /** Loudness, half decibels; none in states of versions that did not keep it. */
    public byte[] levels = {};

    public UtteranceState() {}

    /** The beginning of a stretch; {@code blank}: the token of frames without one. */
    static UtteranceState beginning(int blank) {
        UtteranceState state = new UtteranceState();
        state.lastBest = blank;
        return state;
    }

    UtteranceDecoder.State decoder() {
        List<Emission> all = HeardSpeech.emissions(tokens, tokenFrames, tokenLogProbabilities);
        List<List<Emission>> hypotheses = new ArrayList<>();
        int from = 0;
        for (int count : counts) {
            hypotheses.add(all.subList(from, from + count));
            from += count;
        }
        return new UtteranceDecoder.State(frames, lastBest, hypotheses, new Levels(levelsFrom, levels));
    }

    void keep(UtteranceDecoder.State decoder) {
        List<Emission> emissions =
                decoder.hypotheses().stream().flatMap(List::stream).toList();
        counts = decoder.hypotheses().stream().mapToInt(List::size).toArray();
        int count = emissions.size();
        frames = decoder.frames();
        lastBest = decoder.lastBest();
        levelsFrom = decoder.levels().first();
        levels = decoder.levels().values();
        tokens = new int[count];
        tokenFrames = new long[count];
        tokenLogProbabilities = new float[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = emissions.get(i).token();
            tokenFrames[i] = emissions.get(i).frame();
            tokenLogProbabilities[i] = emissions.get(i).logProbability();
        }
    }

    /** Tells Flink how to serialise the state. */
    public static final class Info extends TypeInfoFactory<UtteranceState> {
        @Override
        public TypeInformation<UtteranceState> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            return Types.POJO(
                    UtteranceState.class,
                    Map.ofEntries(
                            Map.entry("utterance", Types.LONG),
                            Map.entry("shown", Types.INT),
                            Map.entry("frames", Types.LONG),
                            Map.entry("lastBest", Types.INT),
                            Map.entry("counts", Types.PRIMITIVE_ARRAY(Types.INT)),
                            Map.entry("tokens", Types.PRIMITIVE_ARRAY(Types.INT)),
                            Map.entry("tokenFrames", Types.PRIMITIVE_ARRAY(Types.LONG)),
                            Map.entry("tokenLogProbabilities", Types.PRIMITIVE_ARRAY(Types.FLOAT)),
                            Map.entry("levelsFrom", Types.LONG),
                            Map.entry("levels", Types.PRIMITIVE_ARRAY(Types.BYTE))));
        }
    }
}
