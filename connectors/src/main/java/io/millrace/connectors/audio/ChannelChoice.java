package io.millrace.connectors.audio;

/** Which channels of an input are given on: each by itself, their mean, or one. */
public record ChannelChoice(Kind kind, int channel) {
    /** Each channel by itself. */
    public static final ChannelChoice EACH = new ChannelChoice(Kind.EACH, 0);

    /** The mean of all channels. */
    public static final ChannelChoice MIX = new ChannelChoice(Kind.MIX, 0);

    /** How channels are chosen. */
    public enum Kind {
        /** Each by itself. */
        EACH,
        /** Their mean. */
        MIX,
        /** One alone. */
        ONE
    }

    /** Checks the number. */
    public ChannelChoice {
        if (channel < 0) {
            throw new IllegalArgumentException("channels are counted from 0, there is no " + channel);
        }
    }

    /** One channel alone, counted from 0. */
    public static ChannelChoice one(int channel) {
        return new ChannelChoice(Kind.ONE, channel);
    }

    /**
     * Reads {@code each}, {@code mix} or the number of a channel, from 0.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static ChannelChoice parse(String text) {
        if (text.equals("each")) {
            return EACH;
        }
        if (text.equals("mix")) {
            return MIX;
        }
        if (!text.matches("\\d{1,4}")) {
            throw new IllegalArgumentException("not a channel: '" + text + "' (each, mix or a number, from 0)");
        }
        return one(Integer.parseInt(text));
    }

    /** How many channels are left of a number of them. */
    public int countOf(int channels) {
        return kind == Kind.EACH ? channels : 1;
    }
}
