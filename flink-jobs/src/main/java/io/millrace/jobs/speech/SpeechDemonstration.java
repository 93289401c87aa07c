package io.millrace.jobs.speech;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

import io.millrace.jobs.command.ListenAddress;
import io.millrace.jobs.demo.DemoStage;
import io.millrace.jobs.demo.Demonstration;
import io.millrace.models.speech.SpeechModel;
import io.millrace.operators.inference.FolderModelLoader;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Calls, simulated and live, in the demo. */
final class SpeechDemonstration implements Demonstration {

    @Option(
            names = "--streams",
            defaultValue = "6",
            description = "Simulated calls at a time (default: ${DEFAULT-VALUE}); 0 with --listen-audio for live ones"
                    + " alone.")
    private int streams;

    @Option(
            names = "--listen-audio",
            paramLabel = "HOST:PORT",
            description = {
                "Hear live audio too, which arrives here over WebSocket in the messages of Vosk's server;",
                "port 0 takes a free one."
            })
    private String listenAudio;

    @Option(
            names = "--speech-model",
            paramLabel = "DIR",
            defaultValue = FolderModelLoader.SHIPPED,
            description = "Model directory of the speech job (default: the model that ships).")
    private String model;

    @Override
    public Optional<DemoStage> prepare(Request request) {
        if (streams < (listenAudio == null ? 1 : 0) || streams > 1000) {
            throw wrong(request, "--streams must be 1 to 1000, or 0 with --listen-audio, got " + streams);
        }
        InetSocketAddress address =
                listenAudio == null ? null : ListenAddress.parse(listenAudio, "--listen-audio", request.command());
        try {
            FolderModelLoader.find(model, SpeechModel.KIND);
        } catch (IOException | IllegalArgumentException none) {
            if (request.alone() || listenAudio != null || !model.equals(FolderModelLoader.SHIPPED)) {
                throw wrong(request, "speech cannot be heard: " + none.getMessage());
            }
            request.lines().accept("Without speech: " + none.getMessage());
            return Optional.empty();
        }
        return Optional.of(new SpeechDemo(new SpeechDemo.Settings(model, streams, request.seed(), address)));
    }

    private static ParameterException wrong(Request request, String message) {
        return new ParameterException(request.command().commandLine(), message);
    }
}
