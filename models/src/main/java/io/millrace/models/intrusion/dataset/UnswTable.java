package io.millrace.models.intrusion.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.millrace.models.intrusion.FlowContext;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;

/**
 * UNSW-NB15, in both published layouts: the stream of 49 columns with addresses and times (with a header or without, as
 * its parts are distributed), and the partition of 45 columns without addresses. Names of attacks are trimmed and spelled
 * as one ("Backdoor" for "Backdoors").
 */
public final class UnswTable implements FlowTables {

    /** Columns of the stream as distributed without a header, normalised names. */
    private static final List<String> STREAM = List.of(
            ("srcip,sport,dstip,dsport,proto,state,dur,sbytes,dbytes,sttl,dttl,sloss,dloss,service,sload,dload,spkts,dpkts,"
                            + "swin,dwin,stcpb,dtcpb,smean,dmean,trans_depth,response_body_len,sjit,djit,stime,ltime,sinpkt,"
                            + "dinpkt,tcprtt,synack,ackdat,is_sm_ips_ports,ct_state_ttl,ct_flw_http_mthd,is_ftp_login,"
                            + "ct_ftp_cmd,ct_srv_src,ct_srv_dst,ct_dst_ltm,ct_src_ltm,ct_src_dport_ltm,ct_dst_sport_ltm,"
                            + "ct_dst_src_ltm,attack_cat,label")
                    .split(","));

    /** The stream's names for what the partition calls otherwise. */
    private static final Map<String, String> SYNONYMS = Map.of(
            "smeansz",
            "smean",
            "dmeansz",
            "dmean",
            "res_bdy_len",
            "response_body_len",
            "sintpkt",
            "sinpkt",
            "dintpkt",
            "dinpkt");

    @Override
    public List<FlowRow> read(Path file) throws IOException {
        List<FlowRow> rows = new ArrayList<>();
        try (TableLines lines = new TableLines(file)) {
            String[] cells = lines.next();
            if (cells == null) {
                return rows;
            }
            boolean header = cells[0].equalsIgnoreCase("srcip") || cells[0].equalsIgnoreCase("id");
            if (!header && cells.length != STREAM.size()) {
                throw lines.problem(cells.length + " cells and no header; the UNSW-NB15 stream has " + STREAM.size());
            }
            Columns columns = new Columns(header ? normalised(cells) : STREAM, lines);
            if (header) {
                cells = lines.next();
            }
            for (; cells != null; cells = lines.next()) {
                rows.add(columns.row(cells));
            }
        }
        return rows;
    }

    private static List<String> normalised(String[] header) {
        List<String> names = new ArrayList<>();
        for (String cell : header) {
            String name = cell.toLowerCase(Locale.ROOT).replace(" ", "");
            names.add(SYNONYMS.getOrDefault(name, name));
        }
        return names;
    }

    /** Where each field stands in the lines of one file. */
    private static final class Columns {

        private final TableLines lines;
        private final int width;
        private final Map<String, Integer> at = new HashMap<>();
        private final int[] numeric;
        private final boolean stream;

        Columns(List<String> names, TableLines lines) throws FlowTableException {
            this.lines = lines;
            this.width = names.size();
            for (String name : names) {
                at.put(name, at.size());
            }
            this.stream = at.containsKey("srcip");
            List<String> fields = FlowProfile.UNSW.numericFields();
            this.numeric = new int[fields.size()];
            for (int f = 0; f < numeric.length; f++) {
                numeric[f] = column(fields.get(f));
            }
            for (String needed : List.of("proto", "service", "state", "attack_cat", "label")) {
                column(needed);
            }
            if (stream) {
                for (String needed : List.of("sport", "dstip", "dsport", "stime", "ltime")) {
                    column(needed);
                }
            }
        }

        private int column(String name) throws FlowTableException {
            Integer column = at.get(name);
            if (column == null) {
                throw lines.problem("no column " + name);
            }
            return column;
        }

        FlowRow row(String[] cells) throws FlowTableException {
            if (cells.length != width) {
                throw lines.problem(cells.length + " cells; this file has " + width + " columns");
            }
            List<String> fields = FlowProfile.UNSW.numericFields();
            double[] values = new double[numeric.length];
            for (int f = 0; f < values.length; f++) {
                double value = lines.numberOrMissing(cells[numeric[f]], fields.get(f));
                values[f] = Double.isNaN(value) ? 0 : value;
            }
            String proto = cell(cells, "proto").toLowerCase(Locale.ROOT);
            String state = cell(cells, "state").toUpperCase(Locale.ROOT);
            int port = stream ? port(cell(cells, "dsport")) : -1;
            String[] categorical = {
                proto, cell(cells, "service").toLowerCase(Locale.ROOT), state, port < 0 ? "" : servicePort(port)
            };
            boolean attack = label(cell(cells, "label"));
            FlowContext context = stream ? context(cells, proto, state, port) : null;
            return new FlowRow(values, categorical, context, attack, attack ? kind(cells) : FlowRow.BENIGN);
        }

        private FlowContext context(String[] cells, String proto, String state, int port) throws FlowTableException {
            double end = lines.number(cell(cells, "ltime"), "ltime") * 1000;
            double duration = lines.number(cell(cells, "dur"), "dur") * 1000;
            double bytesIn = lines.number(cell(cells, "dbytes"), "dbytes");
            return new FlowContext(
                    cell(cells, "srcip"),
                    cell(cells, "dstip"),
                    port(cell(cells, "sport")),
                    port,
                    proto.hashCode(),
                    end - duration,
                    end,
                    lines.number(cell(cells, "sbytes"), "sbytes"),
                    bytesIn,
                    bytesIn > 0 && !state.equals("RST"));
        }

        private String cell(String[] cells, String name) {
            return cells[at.get(name)];
        }

        private boolean label(String cell) throws FlowTableException {
            return switch (cell) {
                case "0" -> false;
                case "1" -> true;
                default -> throw lines.problem("label is neither 0 nor 1: \"" + cell + "\"");
            };
        }

        private String kind(String[] cells) {
            String kind = cell(cells, "attack_cat").toLowerCase(Locale.ROOT);
            return kind.equals("backdoors") ? "backdoor" : kind.isEmpty() ? "attack" : kind;
        }

        /** A port in decimal or 0x hexadecimal, as the stream writes some; -1 for "-". */
        private int port(String cell) throws FlowTableException {
            if (cell.isEmpty() || cell.equals("-")) {
                return -1;
            }
            try {
                return cell.startsWith("0x") ? Integer.parseInt(cell.substring(2), 16) : Integer.parseInt(cell);
            } catch (NumberFormatException e) {
                throw lines.problem("no port: \"" + cell + "\"");
            }
        }
    }

    /** Ports above this one are taken by clients for the time of a connection; they name no service. */
    private static final int LAST_SERVICE_PORT = 49_151;

    private static String servicePort(int port) {
        return port > LAST_SERVICE_PORT ? "dynamic" : Integer.toString(port);
    }
}
