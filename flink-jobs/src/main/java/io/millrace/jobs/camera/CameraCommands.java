package io.millrace.jobs.camera;

import java.util.List;

import io.millrace.jobs.stage.CommandSet;
import io.millrace.jobs.stage.StageCommand;
import io.millrace.jobs.stage.Verb;

/** What can be done with the networks for pictures by themselves. */
public final class CameraCommands implements CommandSet {

    @Override
    public List<StageCommand> commands() {
        return List.of(
                StageCommand.under(Verb.IMPORT, new ImportBackboneCommand()),
                StageCommand.under(Verb.PARITY, new FodParityCommand()));
    }
}
