package io.millrace.jobs.cli;

import io.millrace.jobs.cluster.FlinkRest;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The value of the option {@code --jobmanager}. */
final class ClusterAddress {
    private ClusterAddress() {}

    /** The REST interface at it; a value that does not read HOST:PORT is a wrong argument. */
    static FlinkRest of(String hostAndPort, CommandSpec spec) {
        try {
            return FlinkRest.at(hostAndPort);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--jobmanager: " + wrong.getMessage());
        }
    }
}
