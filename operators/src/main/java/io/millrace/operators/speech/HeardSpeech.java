package io.millrace.operators.speech;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.models.speech.SpeechFrames;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.streaming.ModelId;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

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
        return heard;
    }

    /** The model's output, frames counted from the beginning of the stretch. */
    SpeechFrames frames() {
        return new SpeechFrames(
                speech.firstFrame, best, bestLogProbabilities, emissions(tokens, tokenFrames, tokenLogProbabilities));
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
                    Map.of(
                            "speech", TypeInformation.of(AssembledSpeech.class),
                            "model", Types.STRING,
                            "modelVersion", Types.STRING,
                            "best", Types.PRIMITIVE_ARRAY(Types.LONG),
                            "bestLogProbabilities", Types.PRIMITIVE_ARRAY(Types.FLOAT),
                            "tokens", Types.PRIMITIVE_ARRAY(Types.INT),
                            "tokenFrames", Types.PRIMITIVE_ARRAY(Types.LONG),
                            "tokenLogProbabilities", Types.PRIMITIVE_ARRAY(Types.FLOAT)));
        }
    }
}
