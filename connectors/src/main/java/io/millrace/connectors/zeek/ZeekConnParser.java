package io.millrace.connectors.zeek;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.millrace.connectors.flow.FlowLineParser;
import io.millrace.connectors.flow.MalformedLineException;
import io.millrace.connectors.zeek.internal.Connection;
import io.millrace.connectors.zeek.internal.Header;
import io.millrace.schemas.FlowRecord;

/**
 * Reads Zeek's {@code conn.log}, as tab-separated values behind header directives ({@code #separator},
 * {@code #empty_field}, {@code #unset_field}, {@code #fields}) or as JSON lines; each line is told apart by itself.
 * Columns are found by name, so extra ones do no harm and older logs may lack some.
 *
 * <p>What goes where: {@code uid} is the flow's identifier; {@code ts} its start and {@code ts + duration} its end;
 * {@code orig_*} is the source, {@code resp_*} the destination; bytes are those of the IP layer ({@code orig_ip_bytes}),
 * as NetFlow counts them, or payload bytes where a log has only these; for ICMP the "ports" are type and code. All
 * other columns are attributes by their names.
 *
 * <p>Labelled logs (columns {@code label} and {@code detailedlabel} or {@code detailed-label}, also where three spaces
 * stand in place of tabs): {@code Malicious} becomes the label {@code attack}, {@code Benign} becomes {@code benign}, and
 * anything else, {@code Background} among it, no label. The log's own words stay in the attributes {@code zeek.label}
 * and {@code zeek.detailedlabel}.
 */
public final class ZeekConnParser implements FlowLineParser {
    private static final ObjectReader JSON =
            new ObjectMapper().readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String sensor;
    private final Header header = new Header();

    /**
     * A parser for one log.
     *
     * @param sensor name of the probe, as it shall stand in the flows
     */
    public ZeekConnParser(String sensor) {
        this.sensor = sensor;
    }

    @Override
    public FlowRecord parse(String line, long number) throws MalformedLineException {
        int first = 0;
        while (first < line.length() && Character.isWhitespace(line.charAt(first))) {
            first++;
        }
        if (first == line.length()) {
            return null;
        }
        char begin = line.charAt(first);
        if (begin == '#') {
            header.directive(line.substring(first));
            return null;
        }
        Map<String, String> values = begin == '{' ? json(line) : header.values(line);
        return Connection.flow(values, sensor, number);
    }

    private static Map<String, String> json(String line) throws MalformedLineException {
        JsonNode object;
        try {
            object = JSON.readValue(line);
        } catch (JsonProcessingException e) {
            throw new MalformedLineException("not valid JSON: " + e.getOriginalMessage());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            if (!value.isNull()) {
                values.put(field.getKey(), value.isValueNode() ? value.asText() : value.toString());
            }
        }
        return values;
    }
}
