package io.millrace.jobs.intrusion;

import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.netflow.AddressRange;
import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.DecoderOptions;
import io.millrace.connectors.netflow.SamplingPolicy;
import io.millrace.jobs.config.Durations;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of how exports are decoded, shared by the commands that do. */
final class ExportOptions {
    @Option(
            names = "--sampling",
            split = ",",
            paramLabel = "[EXPORTER=]N",
            description = {
                "One packet in N is looked at, whatever is announced; for all exporters, or for an",
                "address or block: 192.0.2.0/24=1000. The first that fits counts; 1 is unsampled."
            })
    private List<String> sampling = new ArrayList<>();

    @Option(
            names = "--scale-volumes",
            description = "Multiply bytes and packets by the sampling rate; flows say so in volumes_scaled.")
    private boolean scale;

    @Option(
            names = "--max-ahead",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = {
                "A flow that ends later after its receipt is taken at its time of receipt and marked with",
                "the attribute millisAhead (default: ${DEFAULT-VALUE})."
            })
    private String maxAhead;

    DecoderOptions options(DecoderLimits limits, CommandSpec spec) {
        List<SamplingPolicy.Rate> rates = new ArrayList<>();
        for (String text : sampling) {
            rates.add(rate(text, spec));
        }
        try {
            return new DecoderOptions(limits, Durations.parse(maxAhead), new SamplingPolicy(rates, scale));
        } catch (CommandLine.TypeConversionException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--max-ahead: " + e.getMessage(), e);
        }
    }

    private static SamplingPolicy.Rate rate(String text, CommandSpec spec) {
        int equals = text.lastIndexOf('=');
        try {
            AddressRange exporters = equals < 0 ? null : AddressRange.parse(text.substring(0, equals));
            return new SamplingPolicy.Rate(exporters, Double.parseDouble(text.substring(equals + 1)));
        } catch (NumberFormatException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--sampling must be N or ADDRESS=N, not '" + text + "'", e);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--sampling: " + e.getMessage(), e);
        }
    }
}
