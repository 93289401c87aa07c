package io.millrace.connectors.suricata;

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
import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.flow.KindCounts;
import io.millrace.connectors.flow.MalformedLineException;
import io.millrace.connectors.suricata.internal.EveDirections;
import io.millrace.connectors.suricata.internal.EveTimes;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;

/**
 * Reads Suricata's EVE log: one JSON object a line, of which the events of type {@code flow} become flows, and so do those
 * of type {@code netflow}, of which there is one for each direction; of a flow that has both kinds the first to be whole
 * counts. Start and end are {@code flow.start} and {@code flow.end}; the event's {@code timestamp} is when it was written
 * and is not used. Events of other types are left aside and counted.
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

    private record Alert(String signatureId, String signature) {}

    private final String sensor;
    private final KindCounts aside = new KindCounts();
    private final EveDirections directions = new EveDirections();
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
    public void parse(String line, long number, FlowSink sink) throws MalformedLineException {
        JsonNode event;
        try {
            event = JSON.readValue(line);
        } catch (JsonProcessingException e) {
            throw new MalformedLineException("not valid JSON: " + e.getOriginalMessage());
        }
        String type = event == null ? "" : event.path("event_type").asText();
        switch (type) {
            case "" -> throw new MalformedLineException("no event_type");
            case "flow" -> {
                FlowRecord flow = flow(event, type, number);
                if (directions.isSaid(flow.getFlowId())) {
                    aside.count(type);
                } else {
                    directions.discard(flow.getFlowId()).forEach(half -> aside.count("netflow"));
                    sink.accept(flow);
                }
            }
            case "netflow" -> {
                FlowRecord half = flow(event, type, number);
                if (!directions.accept(half, number, sink)) {
                    aside.count(type);
                }
            }
            default -> {
                aside.count(type);
                remember(type, event);
            }
        }
    }

    @Override
    public void flush(FlowSink sink) {
        directions.flush(sink);
    }

    @Override
    public Map<String, Long> leftAside() {
        return aside.counts();
    }

    private void remember(String type, JsonNode event) {
        if (type.equals("alert") && event.path("flow_id").isIntegralNumber()) {
            JsonNode alert = event.path("alert");
            alerts.putIfAbsent(
                    event.path("flow_id").asText(),
                    new Alert(
                            alert.path("signature_id").asText(),
                            shortened(alert.path("signature").asText())));
        }
    }

    /** The flow of an event, which for the type {@code netflow} is one direction. */
    private FlowRecord flow(JsonNode event, String type, long number) throws MalformedLineException {
        JsonNode detail = event.path(type);
        if (!detail.isObject()) {
            throw new MalformedLineException("a " + type + " event without a " + type + " object");
        }
        FlowFields fields = new FlowFields(flattened(event, type));
        FlowRecord flow = new FlowRecord();
        flow.setSensor(sensor);
        flow.setSourceFormat(FlowFormat.SURICATA);
        EveTimes.set(flow, fields, type);
        flow.setSourceAddress(fields.address("src_ip"));
        flow.setDestinationAddress(fields.address("dest_ip"));
        String protocol = fields.text("proto");
        flow.setProtocol(FlowFields.protocol(protocol));
        Integer from = FlowFields.narrow(fields.count("src_port", 65_535));
        Integer to = FlowFields.narrow(fields.count("dest_port", 65_535));
        if (FlowFields.hasPorts(flow.getProtocol())) {
            flow.setSourcePort(from);
            flow.setDestinationPort(to);
        }
        flow.setIcmpType(FlowFields.narrow(fields.count("icmp_type", 255)));
        flow.setIcmpCode(FlowFields.narrow(fields.count("icmp_code", 255)));
        if (type.equals("netflow")) {
            flow.setPacketsOut(fields.count("netflow.pkts", Long.MAX_VALUE));
            flow.setBytesOut(fields.count("netflow.bytes", Long.MAX_VALUE));
        } else {
            flow.setPacketsOut(fields.count("flow.pkts_toserver", Long.MAX_VALUE));
            flow.setPacketsIn(fields.count("flow.pkts_toclient", Long.MAX_VALUE));
            flow.setBytesOut(fields.count("flow.bytes_toserver", Long.MAX_VALUE));
            flow.setBytesIn(fields.count("flow.bytes_toclient", Long.MAX_VALUE));
        }
        flow.setTcpFlags(flags(fields, "tcp.tcp_flags"));
        flow.setTcpFlagsOut(flags(fields, "tcp.tcp_flags_ts"));
        flow.setTcpFlagsIn(flags(fields, "tcp.tcp_flags_tc"));
        String service = fields.text("app_proto");
        flow.setService(service == null || service.equals("failed") ? null : service.toLowerCase(Locale.ROOT));
        flow.setConnectionState(fields.text("flow.state"));
        identify(flow, fields, number);
        if (flow.getProtocol() == 0 && protocol != null && !protocol.equalsIgnoreCase("hopopt")) {
            flow.getAttributes().put("proto", protocol);
        }
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

    private static Integer flags(FlowFields fields, String name) throws MalformedLineException {
        String text = fields.text(name);
        try {
            return text == null ? null : Integer.valueOf(Integer.parseInt(text, 16) & 0xff);
        } catch (NumberFormatException e) {
            throw new MalformedLineException(name + " is no hexadecimal number");
        }
    }

    private static Map<String, String> flattened(JsonNode event, String type) {
        Map<String, String> values = new TreeMap<>();
        event.properties().forEach(member -> {
            String name = member.getKey();
            boolean known = name.equals(type) || name.equals("tcp") || name.equals("event_type");
            if (!known && !name.equals("timestamp")) {
                put(values, name, member.getValue());
            }
        });
        event.path(type).properties().forEach(m -> put(values, type + "." + m.getKey(), m.getValue()));
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
