package io.millrace.jobs.speech;

import java.io.IOException;

import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.SpeechConfiguration;
import io.millrace.jobs.kafka.KafkaEdges;
import io.millrace.models.speech.SpeechModelFolder;
import io.millrace.operators.alert.AlertCorrelator;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.operators.features.FeatureSamples;
import io.millrace.operators.features.SampleLimit;
import io.millrace.operators.inference.KeyedInference;
import io.millrace.operators.inference.KeyedInferenceOperatorFactory;
import io.millrace.operators.source.Traced;
import io.millrace.operators.speech.AssembledSpeech;
import io.millrace.operators.speech.AssemblerSettings;
import io.millrace.operators.speech.HeardSpeech;
import io.millrace.operators.speech.KeywordAlerts;
import io.millrace.operators.speech.SpeechAssembler;
import io.millrace.operators.speech.SpeechContract;
import io.millrace.operators.speech.SpeechMapping;
import io.millrace.operators.speech.SpeechModelLoader;
import io.millrace.operators.speech.Transcription;
import io.millrace.schemas.Alert;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.Transcript;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

import static io.millrace.jobs.kafka.KafkaEdges.bytes;

/**
 * Streaming speech recognition: audio in, transcripts and alerts out.
 *
 * <p>Decode, put the chunks of a channel in order and cut them for the model, hear them, make utterances of what was
 * heard, fold keywords in them into alerts.
 */
public final class SpeechRecognitionJob implements StreamingJob {

    /** Name of the job where the configuration gives none. */
    public static final String NAME = "speech-recognition";

    private static final String STAGE = "speech";
    private static final TypeInformation<DeadLetter> DEAD_LETTER = TypeInformation.of(DeadLetter.class);

    private final SpeechConfiguration speech;
    private final KafkaEdges kafka;

    public SpeechRecognitionJob(JobConfiguration configuration) {
        this.speech = configuration.speech();
        this.kafka = new KafkaEdges(
                configuration.orNamed(NAME), STAGE, speech.topics().deadLetters());
    }

    @Override
    public void build(StreamExecutionEnvironment environment) {
        SpeechModelFolder model = model();
        SpeechContract contract = SpeechContract.of(model);
        SingleOutputStreamOperator<Traced<AudioChunk>> audio = audio(environment);
        SingleOutputStreamOperator<ModelRelease> releases =
                kafka.releases(environment, speech.topics().releases());
        SingleOutputStreamOperator<AssembledSpeech> assembled = assemble(audio, model, contract);
        SingleOutputStreamOperator<HeardSpeech> heard = hear(assembled, releases, model, contract);
        SingleOutputStreamOperator<Transcript> transcripts = transcribe(heard, contract);
        DataStream<DeadLetter> deadLetters = audio.getSideOutput(DeadLetterRouter.DEAD_LETTERS)
                .union(
                        releases.getSideOutput(DeadLetterRouter.DEAD_LETTERS),
                        assembled.getSideOutput(unfit()),
                        heard.getSideOutput(unanswerable()));
        kafka.write(
                transcripts,
                Transcript.class,
                speech.topics().transcripts(),
                t -> bytes(t.getStreamId()),
                "transcripts");
        kafka.write(
                correlate(transcripts), Alert.class, speech.topics().alerts(), a -> bytes(a.getAlertId()), "alerts");
        kafka.write(
                samples(transcripts),
                FeatureSample.class,
                speech.topics().features(),
                s -> bytes(s.getKey()),
                "samples");
        kafka.writeDeadLetters(deadLetters);
    }

    private static OutputTag<DeadLetter> unfit() {
        return new OutputTag<>("unfit-audio", DEAD_LETTER);
    }

    private static OutputTag<DeadLetter> unanswerable() {
        return new OutputTag<>("unanswerable-speech", DEAD_LETTER);
    }

    private SpeechModelFolder model() {
        try {
            return SpeechModelLoader.read(speech.model());
        } catch (IOException | IllegalArgumentException wrong) {
            throw new ConfigurationException("speech.model: " + wrong.getMessage());
        }
    }

    /** No watermarks: the order of a channel goes by its sequence, and its end by itself or by silence. */
    private SingleOutputStreamOperator<Traced<AudioChunk>> audio(StreamExecutionEnvironment environment) {
        return kafka.readUnordered(
                environment,
                AudioChunk.class,
                speech.topics().audio(),
                speech.startFrom(),
                new EventTime<>(chunk -> chunk.getEventTime().toEpochMilli(), speech.maxAhead()),
                "audio chunks");
    }

    private SingleOutputStreamOperator<AssembledSpeech> assemble(
            DataStream<Traced<AudioChunk>> audio, SpeechModelFolder model, SpeechContract contract) {
        AssemblerSettings settings =
                speech.assembler(model.config().contexts().get(0).right());
        if (!contract.lookAheads().contains(settings.lookAhead())) {
            throw new ConfigurationException("speech.look-ahead must be one that the model serves, "
                    + contract.lookAheads() + ", got " + settings.lookAhead());
        }
        return audio.keyBy(SpeechAssembler.KEY, Types.STRING)
                .transform(
                        "Order and cut the audio of each channel",
                        TypeInformation.of(AssembledSpeech.class),
                        new EventTimeOperator<>(new SpeechAssembler(settings, contract, unfit())))
                .uid("assemble");
    }

    private SingleOutputStreamOperator<HeardSpeech> hear(
            DataStream<AssembledSpeech> assembled,
            DataStream<ModelRelease> releases,
            SpeechModelFolder model,
            SpeechContract contract) {
        SingleOutputStreamOperator<HeardSpeech> heard = KeyedInference.connect(
                "Hear audio with the network",
                DataStreamUtils.reinterpretAsKeyedStream(assembled, AssembledSpeech::key, Types.STRING),
                releases,
                new KeyedInferenceOperatorFactory<>(
                        speech.inferenceSettings(),
                        SpeechModelLoader.referenceTo(speech.model(), model),
                        new SpeechModelLoader(contract, speech.search(), speech.cache()),
                        new SpeechMapping(speech.samples().draw()),
                        unanswerable(),
                        TypeInformation.of(AssembledSpeech.class).createSerializer(new SerializerConfigImpl())),
                TypeInformation.of(HeardSpeech.class));
        return heard.uid("hear");
    }

    private SingleOutputStreamOperator<Transcript> transcribe(DataStream<HeardSpeech> heard, SpeechContract contract) {
        return DataStreamUtils.reinterpretAsKeyedStream(heard, h -> h.speech.key(), Types.STRING)
                .process(new Transcription(contract, speech.decoding()))
                .returns(TypeInformation.of(Transcript.class))
                .name("Make utterances of what was heard")
                .uid("transcribe");
    }

    private SingleOutputStreamOperator<FeatureSample> samples(SingleOutputStreamOperator<Transcript> transcripts) {
        return DataStreamUtils.reinterpretAsKeyedStream(
                        transcripts.getSideOutput(FeatureSamples.OUTPUT), FeatureSample::getKey, Types.STRING)
                .process(new SampleLimit(speech.samples().perMinute()))
                .returns(FeatureSamples.TYPE)
                .name("Limit samples")
                .uid("limit-samples");
    }

    private SingleOutputStreamOperator<Alert> correlate(DataStream<Transcript> transcripts) {
        KeywordAlerts source = new KeywordAlerts(speech.keywords());
        return transcripts
                .filter(Transcript::getIsFinal)
                .name("Keep finals")
                .uid("keep-finals")
                .keyBy(source::entity, Types.STRING)
                .transform(
                        "Fold keywords into alerts",
                        TypeInformation.of(Alert.class),
                        new EventTimeOperator<>(new AlertCorrelator<>(speech.alertPolicy(), source)))
                .uid("correlate");
    }
}
