package io.millrace.jobs.speech;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.audio.AudioOptions;
import io.millrace.connectors.audio.AudioReader;
import io.millrace.connectors.audio.ChannelChoice;
import io.millrace.connectors.media.MediaLimits;
import io.millrace.connectors.media.RawAudio;
import io.millrace.jobs.config.Durations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a command that reads sound is told what is in it, and how much of it to read. */
final class AudioInputOptions {
    /** The time of a pipe that is read for as long as it lasts. */
    private static final Duration FOR_EVER = Duration.ofDays(365_000);

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            converter = Channels.class,
            description = "One channel alone, counted from 0, or mix: the mean of all.")
    private ChannelChoice channel;

    @Option(
            names = "--raw",
            paramLabel = "CODING:RATE[:CHANNELS]",
            converter = Raw.class,
            description = "What samples without a header are, for example s16le:16000 or mulaw:8000:2.")
    private RawAudio raw;

    @Option(
            names = "--max-duration",
            paramLabel = "DURATION",
            converter = Length.class,
            description = "Longest sound that is read (default: 24h of a file, a pipe without end).")
    private Duration longest;

    @Option(
            names = "--max-bytes",
            paramLabel = "BYTES",
            description = "Most bytes that are read (default: 64 GiB of a file, a pipe without end).")
    private Long most;

    /**
     * What was asked for.
     *
     * @param standard the channels if none were named
     * @param piped whether the input is a pipe
     */
    AudioOptions options(ChannelChoice standard, boolean piped) {
        MediaLimits limits =
                piped ? MediaLimits.STANDARD.within(FOR_EVER).within(Long.MAX_VALUE) : MediaLimits.STANDARD;
        limits = longest == null ? limits : limits.within(longest);
        limits = most == null ? limits : limits.within(most.longValue());
        return new AudioOptions(raw, channel == null ? standard : channel, limits);
    }

    /** What is to be said of an input that has been read, a line each: what was lost, and channels that cancelled. */
    static List<String> remarks(AudioReader reader) {
        List<String> remarks = new ArrayList<>(reader.damage().lines());
        if (reader.cancels()) {
            remarks.add("the mixed channels cancel each other (opposite phases): choose one, with --channel 0");
        }
        return remarks;
    }

    private static final class Channels implements ITypeConverter<ChannelChoice> {
        @Override
        public ChannelChoice convert(String text) {
            try {
                return ChannelChoice.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private static final class Raw implements ITypeConverter<RawAudio> {
        @Override
        public RawAudio convert(String text) {
            try {
                return RawAudio.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private static final class Length implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Durations.parse(text);
        }
    }
}
