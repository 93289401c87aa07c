package io.millrace.connectors.suricata.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

import io.millrace.connectors.flow.FlowFields;
import io.millrace.connectors.flow.MalformedLineException;
import io.millrace.schemas.FlowRecord;

/** The times of a flow as Suricata writes them: ISO 8601 with an offset, whose colon may be missing. */
public final class EveTimes {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHMM", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT);

    private EveTimes() {}

    /**
     * Sets start, end and duration.
     *
     * @param type name of the object that has the times, which is the type of the event
     */
    public static void set(FlowRecord flow, FlowFields fields, String type) throws MalformedLineException {
        OffsetDateTime start = time(fields, type + ".start");
        if (start == null) {
            throw new MalformedLineException(type + ".start is missing");
        }
        OffsetDateTime end = time(fields, type + ".end");
        Long age = fields.count(type + ".age", Integer.MAX_VALUE);
        if (end == null) {
            end = age == null ? start : start.plusSeconds(age);
        }
        if (end.isBefore(start)) {
            throw new MalformedLineException(type + ".end is before its start");
        }
        Instant from = start.toInstant();
        Instant to = end.toInstant();
        flow.setStartTime(Instant.ofEpochMilli(from.toEpochMilli()));
        flow.setEndTime(Instant.ofEpochMilli(to.toEpochMilli()));
        flow.setDurationSeconds(to.getEpochSecond() - from.getEpochSecond() + (to.getNano() - from.getNano()) / 1e9);
    }

    private static OffsetDateTime time(FlowFields fields, String name) throws MalformedLineException {
        String text = fields.text(name);
        try {
            OffsetDateTime time = text == null ? null : OffsetDateTime.parse(text, TIME);
            if (time == null || time.getYear() >= 1970 && time.getYear() < 2200) {
                return time;
            }
        } catch (DateTimeException e) {
            // falls through to the one message for all that is no such time
        }
        throw new MalformedLineException(name + " is no time");
    }
}
