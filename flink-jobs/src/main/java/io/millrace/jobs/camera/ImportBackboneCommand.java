package io.millrace.jobs.camera;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import io.millrace.models.card.ModelCard;
import io.millrace.models.vision.PretrainedTrunk;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes the trunk that describes pictures out of a published model. */
@Command(
        name = "backbone",
        description =
                "Take the trunk of MoveNet SinglePose Lightning out of its TensorFlow.js model, its values unchanged.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace import backbone --tfjs package/models/movenet-lightning.json --out trunk"
        })
public final class ImportBackboneCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--tfjs",
            required = true,
            paramLabel = "FILE",
            description = "The model's JSON file; its weights lie beside it.")
    private Path model;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder of the backbone.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        try {
            ModelCard card = PretrainedTrunk.importTfjs(model, out);
            spec.commandLine()
                    .getOut()
                    .println(card.id() + ": weights with SHA-256 " + card.weightsSha256() + ", written to " + out);
            spec.commandLine().getOut().flush();
            return CommandLine.ExitCode.OK;
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "not there: " + e.getFile(), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
