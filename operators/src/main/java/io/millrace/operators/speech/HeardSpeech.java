package io.millrace.operators.speech;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.models.speech.decoding.Beams;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.decoding.SpeechFrames;
import io.millrace.models.streaming.ModelId;
import io.millrace.schemas.FeatureSample;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * What the model heard in a chunk, frames counted from the beginning of the stretch; of the end of a stretch, nothing.
 * Fields are public for Flink's serializer.
 */
@TypeInfo(HeardSpeech.Info.class)
public final class HeardSpeech {

    /** The chunk, without its features. */
    public AssembledSpeech speech;
    /** Name of the model. */
    public String model;
    /** Version of the model. */
    public String modelVersion;
    /** Best token of each frame by the CTC head. */
    public long[] best = {};
    /** Its log-probability. */
    public float[] bestLogProbabilities = {};
    /** Tokens of the transducer. */
    public int[] tokens = {};
    /** Frames of those tokens. */
    public long[] tokenFrames = {};
    /** Log-probabilities of those tokens. */
    public float[] tokenLogProbabilities = {};

    /** Loudness of the chunk's own mel frames, half decibels; none of what versions that did not give it left behind. */
    public byte[] levels = {};

    /** {@link Beams}: hypotheses of a beam search; 0 if there is none. */
    public int beamWidth;
    /** Tokens at one frame at most. */
    public int beamSymbols;
    /** Which hypotheses go on. */
    public int[] beamParents = {};
    /** By which tokens. */
    public int[] beamTokens = {};
    /** Log-probabilities of those tokens. */
    public float[] beamLogProbabilities = {};

    /** What the model saw and thought; null for a chunk that was not drawn. */
    public FeatureSample sample;

    public HeardSpeech() {}

    /** The end of a stretch. */
    static HeardSpeech end(AssembledSpeech speech, ModelId id) {
        HeardSpeech heard = new HeardSpeech();
        heard.speech = speech.withoutMel();
        heard.model = id.name();
        heard.modelVersion = id.version();
        return heard;
    }

    /**
     * What the model gave for a chunk. Where the model began to count anew, because another version took over or a chunk
     * failed, the chunk's own count stands.
     */
    static HeardSpeech of(AssembledSpeech speech, SpeechFrames output, ModelId id) {
        HeardSpeech heard = end(speech, id);
        heard.best = output.best();
        heard.bestLogProbabilities = output.bestLogProbabilities();
        heard.levels = output.levels();
        int count = output.emissions().size();
        heard.tokens = new int[count];
        heard.tokenFrames = new long[count];
        heard.tokenLogProbabilities = new float[count];
        for (int i = 0; i < count; i++) {
            Emission emission = output.emissions().get(i);
            heard.tokens[i] = emission.token();
            heard.tokenFrames[i] = emission.frame() - output.firstFrame() + speech.firstFrame;
            heard.tokenLogProbabilities[i] = emission.logProbability();
        }
        Beams beams = output.beams();
        if (beams != null) {
            heard.beamWidth = beams.width();
            heard.beamSymbols = beams.symbols();
            heard.beamParents = beams.parents();
            heard.beamTokens = beams.tokens();
            heard.beamLogProbabilities = beams.logProbabilities();
        }
        return heard;
    }

    /** The model's output, frames counted from the beginning of the stretch. */
    SpeechFrames frames() {
        return new SpeechFrames(
                speech.firstFrame,
                best,
                bestLogProbabilities,
                emissions(tokens, tokenFrames, tokenLogProbabilities),
                beamWidth == 0
                        ? null
                        : new Beams(beamWidth, beamSymbols, beamParents, beamTokens, beamLogProbabilities),
                new float[0],
                levels);
    }

    static List<Emission> emissions(int[] tokens, long[] frames, float[] logProbabilities) {
        List<Emission> emissions = new ArrayList<>(tokens.length);
        for (int i = 0; i < tokens.length; i++) {
            emissions.add(new Emission(tokens[i], frames[i], logProbabilities[i]));
        }
        return emissions;
    }

    /** Tells Flink how to serialise it. */
    public static final class Info extends TypeInfoFactory<HeardSpeech> {
        @Override
        public TypeInformation<HeardSpeech> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
            return Types.POJO(
                    HeardSpeech.class,
                    Map.ofEntries(
                            Map.entry("speech", TypeInformation.of(AssembledSpeech.class)),
                            Map.entry("model", Types.STRING),
                            Map.entry("modelVersion", Types.STRING),
                            Map.entry("best", Types.PRIMITIVE_ARRAY(Types.LONG)),
                            Map.entry("bestLogProbabilities", Types.PRIMITIVE_ARRAY(Types.FLOAT)),
                            Map.entry("tokens", Types.PRIMITIVE_ARRAY(Types.INT)),
                            Map.entry("tokenFrames", Types.PRIMITIVE_ARRAY(Types.LONG)),
                            Map.entry("tokenLogProbabilities", Types.PRIMITIVE_ARRAY(Types.FLOAT)),
                            Map.entry("levels", Types.PRIMITIVE_ARRAY(Types.BYTE)),
                            Map.entry("beamWidth", Types.INT),
                            Map.entry("beamSymbols", Types.INT),
                            Map.entry("beamParents", Types.PRIMITIVE_ARRAY(Types.INT)),
                            Map.entry("beamTokens", Types.PRIMITIVE_ARRAY(Types.INT)),
                            Map.entry("beamLogProbabilities", Types.PRIMITIVE_ARRAY(Types.FLOAT)),
                            Map.entry("sample", new AvroTypeInfo<>(FeatureSample.class))));
        }
    }
}
