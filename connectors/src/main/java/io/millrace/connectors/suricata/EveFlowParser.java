package io.millrace.connectors.suricata;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.millrace.connectors.flow.FlowFields;
import io.millrace.connectors.flow.FlowIdentity;
import io.millrace.connectors.flow.FlowLineParser;
import io.millrace.connectors.flow.MalformedLineException;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;

/**
 * Reads Suricata's EVE log: one JSON object a line, of which the events of type {@code flow} become flows. Start and end
 * are {@code flow.start} and {@code flow.end}; the event's {@code timestamp} is when it was written and is not used.
 *
 * <p>Suricata's client is the source, its server the destination ({@code toserver} is out). Bytes are Suricata's, which
 * count the link layer too. {@code app_proto} becomes the service, {@code failed} meaning none; {@code flow.state} the
 * connection state. The remaining members of the event and of its {@code flow} object are attributes
 * ({@code flow.reason}, {@code flow.alerted}, {@code vlan} ...). An alert that came before its flow's event is named in
 * the attributes {@code alert.signature_id} and {@code alert.signature}; alerts are opinions, so the label stays empty.
 */
public final class EveFlowParser implements FlowLineParser {
    private static final ObjectReader JSON =
            new ObjectMapper().readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int MAX_ALERTS = 65_536;
    private static final int MAX_TEXT = 256;
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHMM", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT);

    private record Alert(String signatureId, String signature) {}

    private final String sensor;
    private final Map<String, Alert> alerts = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Alert> eldest) {
            return size() > MAX_ALERTS;
        }
    };

    /**
     * A parser for one log.
     *
     * @param sensor name of the probe, as it shall stand in the flows
     */
    public EveFlowParser(String sensor) {
        this.sensor = sensor;
    }

    @Override
    public FlowRecord parse(String line, long number) throws MalformedLineException {
        JsonNode event;
        try {
            event = JSON.readValue(line);
        } catch (JsonProcessingException e) {
            throw new MalformedLineException("not valid JSON: " + e.getOriginalMessage());
        }
        String type = event == null ? "" : event.path("event_type").asText();
        if (type.isEmpty()) {
            throw new MalformedLineException("no event_type");
        }
        if (type.equals("alert") && event.path("flow_id").isIntegralNumber()) {
            JsonNode alert = event.path("alert");
            alerts.putIfAbsent(
                    event.path("flow_id").asText(),
                    new Alert(
                            alert.path("signature_id").asText(),
                            shortened(alert.path("signature").asText())));
        }
        return type.equals("flow") ? flow(event, number) : null;
    }

    private FlowRecord flow(JsonNode event, long number) throws MalformedLineException {
        JsonNode detail = event.path("flow");
        if (!detail.isObject()) {
            throw new MalformedLineException("a flow event without a flow object");
        }
        FlowFields fields = new FlowFields(flattened(event, detail));
        FlowRecord flow = new FlowRecord();
        flow.setSensor(sensor);
        flow.setSourceFormat(FlowFormat.SURICATA);
        times(flow, fields);
        flow.setSourceAddress(fields.address("src_ip"));
        flow.setDestinationAddress(fields.address("dest_ip"));
        flow.setProtocol(FlowFields.protocol(fields.text("proto")));
        Integer from = FlowFields.narrow(fields.count("src_port", 65_535));
        Integer to = FlowFields.narrow(fields.count("dest_port", 65_535));
        if (FlowFields.hasPorts(flow.getProtocol())) {
            flow.setSourcePort(from);
            flow.setDestinationPort(to);
        }
        flow.setIcmpType(FlowFields.narrow(fields.count("icmp_type", 255)));
        flow.setIcmpCode(FlowFields.narrow(fields.count("icmp_code", 255)));
        flow.setPacketsOut(fields.count("flow.pkts_toserver", Long.MAX_VALUE));
        flow.setPacketsIn(fields.count("flow.pkts_toclient", Long.MAX_VALUE));
        flow.setBytesOut(fields.count("flow.bytes_toserver", Long.MAX_VALUE));
        flow.setBytesIn(fields.count("flow.bytes_toclient", Long.MAX_VALUE));
        flow.setTcpFlags(flags(fields, "tcp.tcp_flags"));
        flow.setTcpFlagsOut(flags(fields, "tcp.tcp_flags_ts"));
        flow.setTcpFlagsIn(flags(fields, "tcp.tcp_flags_tc"));
        String service = fields.text("app_proto");
        flow.setService(service == null || service.equals("failed") ? null : service.toLowerCase(Locale.ROOT));
        flow.setConnectionState(fields.text("flow.state"));
        identify(flow, fields, number);
        return flow;
    }

    private void identify(FlowRecord flow, FlowFields fields, long number) {
        String id = fields.text("flow_id");
        Map<String, String> attributes = fields.rest();
        Alert alert = id == null ? null : alerts.remove(id);
        if (alert != null) {
            attributes.put("alert.signature_id", alert.signatureId());
            attributes.put("alert.signature", alert.signature());
        }
        flow.setAttributes(attributes);
        flow.setFlowId(id == null ? FlowIdentity.of(flow, number) : id);
    }

    private static void times(FlowRecord flow, FlowFields fields) throws MalformedLineException {
        OffsetDateTime start = time(fields, "flow.start");
        if (start == null) {
            throw new MalformedLineException("flow.start is missing");
        }
        OffsetDateTime end = time(fields, "flow.end");
        Long age = fields.count("flow.age", Integer.MAX_VALUE);
        if (end == null) {
            end = age == null ? start : start.plusSeconds(age);
        }
        if (end.isBefore(start)) {
            throw new MalformedLineException("flow.end is before flow.start");
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

    private static Integer flags(FlowFields fields, String name) throws MalformedLineException {
        String text = fields.text(name);
        try {
            return text == null ? null : Integer.valueOf(Integer.parseInt(text, 16) & 0xff);
        } catch (NumberFormatException e) {
            throw new MalformedLineException(name + " is no hexadecimal number");
        }
    }

    private static Map<String, String> flattened(JsonNode event, JsonNode detail) {
        Map<String, String> values = new TreeMap<>();
        event.properties().forEach(member -> {
            String name = member.getKey();
            boolean known = name.equals("flow") || name.equals("tcp") || name.equals("event_type");
            if (!known && !name.equals("timestamp")) {
                put(values, name, member.getValue());
            }
        });
        detail.properties().forEach(member -> put(values, "flow." + member.getKey(), member.getValue()));
        event.path("tcp").properties().forEach(m -> put(values, "tcp." + m.getKey(), m.getValue()));
        return values;
    }

    private static void put(Map<String, String> values, String name, JsonNode value) {
        if (!value.isNull()) {
            values.put(name, value.isValueNode() ? value.asText() : shortened(value.toString()));
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
