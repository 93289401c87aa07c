package io.millrace.jobs.speech;

import java.io.IOException;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.stage.StageGraph;
import io.millrace.models.speech.SpeechModel;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.operators.inference.FolderModelLoader;
import io.millrace.operators.inference.ModelReference;
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
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.SpeechTopics;
import io.millrace.schemas.Transcript;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * Streaming speech recognition: audio in, transcripts and alerts out.
 *
 * <p>Decode, put the chunks of a channel in order and cut them for the model, hear them, make utterances of what was
 * heard, fold keywords in them into alerts.
 */
final class SpeechRecognitionJob {

    private final StageGraph graph;
    private final SpeechConfiguration speech;

    SpeechRecognitionJob(StageGraph graph, SpeechConfiguration speech) {
        this.graph = graph;
        this.speech = speech;
    }

    void build() {
        FolderModelLoader.Found<SpeechModel> found = model();
        SpeechModel model = found.model();
        SpeechContract contract = SpeechContract.of(model);
        SingleOutputStreamOperator<AssembledSpeech> assembled = assemble(audio(), model, contract);
        SingleOutputStreamOperator<Transcript> transcripts =
                transcribe(hear(assembled, found.reference(), contract), contract);
        graph.write(transcripts, SpeechTopics.TRANSCRIPTS);
        correlate(transcripts);
        graph.writeSamples(transcripts, speech.samples());
    }

    private FolderModelLoader.Found<SpeechModel> model() {
        try {
            return FolderModelLoader.find(speech.model(), SpeechModel.KIND);
        } catch (IOException | IllegalArgumentException wrong) {
            throw new ConfigurationException("speech.model: " + wrong.getMessage());
        }
    }

    /** No watermarks: the order of a channel goes by its sequence, and its end by itself or by silence. */
    private SingleOutputStreamOperator<Traced<AudioChunk>> audio() {
        return graph.readUnordered(SpeechTopics.AUDIO, speech.startFrom(), speech.maxAhead());
    }

    private SingleOutputStreamOperator<AssembledSpeech> assemble(
            DataStream<Traced<AudioChunk>> audio, SpeechModel model, SpeechContract contract) {
        AssemblerSettings settings =
                speech.assembler(model.config().contexts().get(0).right());
        if (!contract.lookAheads().contains(settings.lookAhead())) {
            throw new ConfigurationException("speech.look-ahead must be one that the model serves, "
                    + contract.lookAheads() + ", got " + settings.lookAhead());
        }
        OutputTag<DeadLetter> unfit = StageGraph.letterTag("unfit-audio");
        SingleOutputStreamOperator<AssembledSpeech> assembled = audio.keyBy(SpeechAssembler.KEY, Types.STRING)
                .transform(
                        "Order and cut the audio of each channel",
                        TypeInformation.of(AssembledSpeech.class),
                        new EventTimeOperator<>(new SpeechAssembler(settings, contract, unfit)))
                .uid("assemble");
        graph.deadLetters(assembled, unfit);
        return assembled;
    }

    private SingleOutputStreamOperator<HeardSpeech> hear(
            DataStream<AssembledSpeech> assembled, ModelReference model, SpeechContract contract) {
        return graph.infer(
                "Hear audio with the network",
                "hear",
                DataStreamUtils.reinterpretAsKeyedStream(assembled, AssembledSpeech::key, Types.STRING),
                new StageGraph.Network<>(
                        speech.inferenceSettings(),
                        model,
                        new SpeechModelLoader(contract, speech.search(), speech.cache()),
                        new SpeechMapping(speech.samples().draw())),
                TypeInformation.of(AssembledSpeech.class),
                TypeInformation.of(HeardSpeech.class));
    }

    private SingleOutputStreamOperator<Transcript> transcribe(DataStream<HeardSpeech> heard, SpeechContract contract) {
        return DataStreamUtils.reinterpretAsKeyedStream(heard, h -> h.speech.key(), Types.STRING)
                .process(new Transcription(contract, speech.decoding()))
                .returns(TypeInformation.of(Transcript.class))
                .name("Make utterances of what was heard")
                .uid("transcribe");
    }

    private void correlate(DataStream<Transcript> transcripts) {
        DataStream<Transcript> finals =
                transcripts.filter(Transcript::getIsFinal).name("Keep finals").uid("keep-finals");
        graph.writeAlerts(
                "Fold keywords into alerts",
                finals,
                new KeywordAlerts(speech.keywords()),
                speech.alertPolicy(),
                EventTimeOperator::new);
    }
}
