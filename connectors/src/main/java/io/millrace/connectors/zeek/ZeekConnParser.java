package io.millrace.connectors.zeek;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.millrace.connectors.flow.FlowLineParser;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.flow.KindCounts;
import io.millrace.connectors.flow.MalformedLineException;
import io.millrace.connectors.zeek.internal.FieldNames;
import io.millrace.connectors.zeek.internal.Header;
import io.millrace.connectors.zeek.internal.ZeekConnection;

/**
 * Reads Zeek's {@code conn.log} in the forms that its writer has: values divided by tabs or another separator, behind
 * header directives or one row of names, or JSON lines with times as seconds, milliseconds or text; each line is told apart
 * by itself. Columns are found by name, so extra ones do no harm and older logs may lack some; the parts of the identifier
 * may be divided by another sign than the dot ({@code id_orig_h}).
 *
 * <p>Lines of other logs, which say so in {@code _path} or {@code #path}, or have fields of another log alone, are left
 * aside and counted.
 *
 * <p>What goes where: {@code uid} is the flow's identifier; {@code ts} its start and {@code ts + duration} its end;
 * {@code orig_*} is the source, {@code resp_*} the destination; bytes are those of the IP layer ({@code orig_ip_bytes}),
 * as NetFlow counts them, or payload bytes where a log has only these; for ICMP the "ports" are the type and, for messages
 * that have no answer, the code (see {@code internal.IcmpAnswers}). All
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

    /** Member in which lines of a stream of several logs say which one they are of. */
    private static final String PATH = "_path";

    private final String sensor;
    private final Header header = new Header();
    private final KindCounts aside = new KindCounts();

    /**
     * A parser for one log.
     *
     * @param sensor name of the probe, as it shall stand in the flows
     */
    public ZeekConnParser(String sensor) {
        this.sensor = sensor;
    }

    @Override
    public void parse(String line, long number, FlowSink sink) throws MalformedLineException {
        String text = line.stripLeading();
        if (text.isEmpty()) {
            return;
        }
        boolean json = text.charAt(0) == '{';
        if (!json && header.take(text)) {
            return;
        }
        if (!json && isOther(header.path())) {
            aside.count(name(header.path()));
            return;
        }
        Map<String, String> values = json ? json(line) : header.values(line);
        String path = json ? values.get(PATH) : header.path();
        if (isOther(path)) {
            aside.count(name(path));
        } else if (path == null && !FieldNames.areOfConnection(values)) {
            aside.count(KindCounts.OTHER);
        } else {
            sink.accept(ZeekConnection.flow(values, sensor, number));
        }
    }

    @Override
    public Map<String, Long> leftAside() {
        return aside.counts();
    }

    private static boolean isOther(String path) {
        return path != null && !name(path).equals("conn");
    }

    /** The log's name without the folders that a path may begin with. */
    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
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
            if (field.getKey().equals("id") && value.isObject()) {
                value.properties().forEach(part -> put(values, "id." + part.getKey(), part.getValue()));
            } else {
                put(values, FieldNames.plain(field.getKey()), value);
            }
        }
        return values;
    }

    private static void put(Map<String, String> values, String name, JsonNode value) {
        if (!value.isNull()) {
            values.put(name, value.isValueNode() ? value.asText() : value.toString());
        }
    }
}
