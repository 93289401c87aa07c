package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.netflow.SamplingPolicy;

/**
 * The sampling rate that the fields of one record tell, a record of options or of a flow: one packet in how many is
 * looked at. Packet or time interval and space (RFC 5477, 8.2.2 to 8.2.5) give (interval + space) / interval, size and
 * population (8.2.6, 8.2.7) population / size, a probability (8.2.8) its inverse; an interval alone, old or new, is the
 * rate itself, as exporters that send no space mean it.
 */
final class RateFields {
    /** No field tells of a rate. */
    static final double UNKNOWN = 0;

    /** The fields say that every packet is looked at. */
    static final double UNSAMPLED = 1;

    private static final double NONE = -1;

    private double interval;
    private double randomInterval;
    private double packetInterval;
    private double packetSpace;
    private double timeInterval;
    private double timeSpace;
    private double size;
    private double population;
    private double probability;

    RateFields() {
        reset();
    }

    void reset() {
        interval = randomInterval = packetInterval = packetSpace = NONE;
        timeInterval = timeSpace = size = population = probability = NONE;
    }

    /** Takes the field if it tells of a rate; says whether it did. */
    boolean accept(int element, ByteBuffer bytes, int offset, int length) {
        if (length > 8) {
            return false;
        }
        double value = element == 311 ? fraction(bytes, offset, length) : count(bytes, offset, length);
        switch (element) {
            case 34 -> interval = value;
            case 50 -> randomInterval = value;
            case 305 -> packetInterval = value;
            case 306 -> packetSpace = value;
            case 307 -> timeInterval = value;
            case 308 -> timeSpace = value;
            case 309 -> size = value;
            case 310 -> population = value;
            case 311 -> probability = value;
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The rate, {@link #UNSAMPLED} where sampling is switched off, or {@link #UNKNOWN}. */
    double rate() {
        if (size > 0 && population >= 0) {
            return bounded(population / size);
        }
        if (packetSpace >= 0 && packetInterval != 0) {
            return bounded(packetInterval < 0 ? packetSpace + 1 : (packetInterval + packetSpace) / packetInterval);
        }
        if (timeInterval > 0 && timeSpace >= 0) {
            return bounded((timeInterval + timeSpace) / timeInterval);
        }
        if (probability > 0) {
            return bounded(1 / probability);
        }
        double alone = Math.max(packetInterval, Math.max(interval, randomInterval));
        boolean told = alone >= 0 || packetSpace >= 0 || probability >= 0 || size >= 0;
        return told ? bounded(alone) : UNKNOWN;
    }

    private static double bounded(double rate) {
        return rate > SamplingPolicy.MOST ? UNKNOWN : Math.max(rate, UNSAMPLED);
    }

    private static double count(ByteBuffer bytes, int offset, int length) {
        long value = FieldText.unsigned(bytes, offset, length);
        return value < 0 ? NONE : value;
    }

    private static double fraction(ByteBuffer bytes, int offset, int length) {
        double value = length == 4 ? bytes.getFloat(offset) : length == 8 ? bytes.getDouble(offset) : NONE;
        return value >= 0 && value <= 1 ? value : NONE;
    }
}
