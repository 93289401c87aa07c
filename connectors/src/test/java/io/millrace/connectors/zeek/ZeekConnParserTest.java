package io.millrace.connectors.zeek;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;

import io.millrace.connectors.flow.FlowLog;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ZeekConnParserTest {
    private static final String HEADER = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
            + "#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration"
            + "\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes"
            + "\ttunnel_parents\tlabel\tdetailedlabel\n";
    private static final String ROW = "1655071198.444458\tC1\t10.0.0.1\t62771\t2001:DB8:0::1\t443\ttcp\tSSL\t1.135424"
            + "\t1596\t4039\tSF\tShADdaFf\t14\t1016\t16\t1226\t(empty)\tMalicious\tCC\n";
    private static final String JSON = "{\"ts\":1664462456.755299,\"uid\":\"C5\",\"id.orig_h\":\"172.16.1.11\","
            + "\"id.orig_p\":3,\"id.resp_h\":\"8.8.8.8\",\"id.resp_p\":1,\"proto\":\"icmp\",\"orig_pkts\":0,"
            + "\"orig_ip_bytes\":0,\"resp_pkts\":1,\"resp_ip_bytes\":139,\"local_orig\":true}\n";

    private final List<FlowRecord> flows = Collections.synchronizedList(new ArrayList<>());
    private final List<String> errors = new ArrayList<>();

    @Test
    void aTabSeparatedLineBecomesAFlow() throws IOException {
        read(HEADER + ROW);
        FlowRecord flow = flows.get(0);
        assertThat(flow.getFlowId()).isEqualTo("C1");
        assertThat(flow.getSourceFormat()).isEqualTo(FlowFormat.ZEEK);
        assertThat(flow.getStartTime().toEpochMilli()).isEqualTo(1655071198444L);
        assertThat(flow.getEndTime().toEpochMilli()).isEqualTo(1655071199579L);
        assertThat(flow.getDurationSeconds()).isEqualTo(1.135424);
        assertThat(flow.getDestinationAddress()).isEqualTo("2001:db8::1");
        assertThat(flow.getDestinationPort()).isEqualTo(443);
        assertThat(flow.getBytesOut()).isEqualTo(1016);
        assertThat(flow.getPacketsIn()).isEqualTo(16);
        assertThat(flow.getService()).isEqualTo("ssl");
        assertThat(flow.getConnectionState()).isEqualTo("SF");
        assertThat(flow.getHistory()).isEqualTo("ShADdaFf");
        assertThat(flow.getLabel()).isEqualTo("attack");
        assertThat(flow.getAttributes())
                .containsEntry("zeek.label", "Malicious")
                .containsEntry("zeek.detailedlabel", "CC")
                .containsEntry("orig_bytes", "1596")
                .doesNotContainKey("tunnel_parents");
    }

    @Test
    void unsetValuesAreNullAndBackgroundIsNoLabel() throws IOException {
        read(HEADER + ROW.replace("1.135424", "-").replace("SSL", "-").replace("Malicious", "Background"));
        assertThat(flows.get(0).getDurationSeconds()).isNull();
        assertThat(flows.get(0).getService()).isNull();
        assertThat(flows.get(0).getEndTime()).isEqualTo(flows.get(0).getStartTime());
        assertThat(flows.get(0).getLabel()).isNull();
        assertThat(flows.get(0).getAttributes()).containsEntry("zeek.label", "Background");
    }

    @Test
    void labelsBehindSpacesAreFound() throws IOException {
        read(HEADER.replace("\tlabel\tdetailedlabel", "   label   detailed-label")
                + ROW.replace("\tMalicious\tCC", "   Benign   -"));
        assertThat(errors).isEmpty();
        assertThat(flows.get(0).getLabel()).isEqualTo("benign");
    }

    @Test
    void jsonLinesBecomeFlows() throws IOException {
        read(JSON);
        FlowRecord flow = flows.get(0);
        assertThat(flow.getIcmpType()).isEqualTo(3);
        assertThat(flow.getIcmpCode()).isEqualTo(1);
        assertThat(flow.getSourcePort()).isNull();
        assertThat(flow.getBytesIn()).isEqualTo(139);
        assertThat(flow.getAttributes()).containsEntry("local_orig", "true");
    }

    @Test
    void malformedLinesAreNamedWithTheirNumberAndSkipped() throws IOException {
        read("1\t2\n" + HEADER + "x\ty\n" + ROW.replace("443", "70000") + ROW.replace("10.0.0.1", "host") + ROW
                + "{\"ts\":");
        assertThat(flows).hasSize(1);
        assertThat(errors)
                .hasSize(5)
                .satisfies(all -> assertThat(all.get(0)).isEqualTo("1: no #fields line before it"))
                .satisfies(all -> assertThat(all.get(1)).isEqualTo("8: 2 columns where #fields names 20"))
                .satisfies(all -> assertThat(all.get(2)).startsWith("9: id.resp_p"))
                .satisfies(all -> assertThat(all.get(3)).isEqualTo("10: id.orig_h is no address"))
                .satisfies(all -> assertThat(all.get(4)).startsWith("12: not valid JSON"));
    }

    @ParameterizedTest
    @CsvSource({
        "1664462456755,1664462456755",
        "1664462456.755299,1664462456755",
        "'\"2022-09-29T14:40:56.755299Z\"',1664462456755",
        "'\"2022-09-29T16:40:56.755+02:00\"',1664462456755"
    })
    void timesInJsonHaveAnyOfTheWritersForms(String ts, long millis) throws IOException {
        read(JSON.replace("1664462456.755299", ts));
        assertThat(errors).isEmpty();
        assertThat(flows.get(0).getStartTime().toEpochMilli()).isEqualTo(millis);
    }

    @Test
    void identifiersMayBeDividedByAnotherSignThanTheDot() throws IOException {
        read(JSON.replace("id.", "id_") + HEADER.replace("id.", "id_") + ROW);
        assertThat(errors).isEmpty();
        assertThat(flows.get(0).getDestinationAddress()).isEqualTo("8.8.8.8");
        assertThat(flows.get(1).getDestinationPort()).isEqualTo(443);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\t", ",", "||", ";", "\u0001", "\u00a6"})
    void anySeparatorIsObeyedAndMayChangeInTheMiddle(String separator) throws IOException {
        StringBuilder escaped = new StringBuilder();
        for (byte value : separator.getBytes(StandardCharsets.UTF_8)) {
            escaped.append(String.format("\\x%02x", value));
        }
        String header = HEADER.replace("\t", separator).replace("\\x09", escaped);
        read(header + ROW.replace("\t", separator) + HEADER + ROW);
        assertThat(errors).isEmpty();
        assertThat(flows).hasSize(2).allMatch(flow -> flow.getBytesOut() == 1016);
    }

    @Test
    void markersAndEscapesAreUndone() throws IOException {
        read(HEADER.replace("#unset_field\t-", "#unset_field\tNULL").replace("(empty)", "EMPTY")
                + ROW.replace("SSL", "NULL").replace("(empty)", "EMPTY").replace("\tCC", "\tC\\x09\\xc3\\xa4\\\\x"));
        assertThat(flows.get(0).getService()).isNull();
        assertThat(flows.get(0).getAttributes())
                .containsEntry("zeek.detailedlabel", "C\t\u00e4\\x")
                .doesNotContainKey("tunnel_parents");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\t", ",", "||"})
    void oneRowOfNamesIsAHeaderToo(String separator) throws IOException {
        String names = "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n";
        String row = "1767225600.5\tC1\t192.0.2.1\t40000\t192.0.2.2\t443\ttcp\n";
        read((names + row + names + row).replace("\t", separator));
        assertThat(errors).isEmpty();
        assertThat(flows).hasSize(2).allMatch(flow -> flow.getDestinationPort() == 443);
    }

    @Test
    void otherLogsInTheStreamAreLeftAsideAndCounted() throws IOException {
        String dns = "\"proto\":\"udp\",\"trans_id\":7,\"query\":\"example.com\"}\n";
        String json = "{\"ts\":1.5,\"uid\":\"C1\",\"id.orig_h\":\"192.0.2.1\",\"id.resp_h\":\"192.0.2.2\",";
        FlowLog log = log();
        log.read(bytes(json + "\"_path\":\"dns\"," + dns + json + dns + json + "\"_path\":\"ssl\"}\n"
                + HEADER.replace("path\tconn", "path\thttp") + "too\tshort\n" + JSON + HEADER + ROW));
        assertThat(errors).isEmpty();
        assertThat(flows).hasSize(2);
        assertThat(log.leftAside()).hasToString("{dns=1, http=1, other=1, ssl=1}");
        read(json + "\"_path\":\"conn\"}\n");
        assertThat(errors).containsExactly("1: proto is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8,8,0,0",
        "8.8.8.8,13,14,0",
        "8.8.8.8,0,8,0",
        "8.8.8.8,3,3,3",
        "8.8.8.8,11,1,1",
        "2001:db8::1,128,129,0",
        "2001:db8::1,135,136,0",
        "2001:db8::1,143,0,0",
        "2001:db8::1,1,4,4",
        "2001:db8::1,139,140,"
    })
    void forMessagesThatAreAnsweredZeekDoesNotSayTheCode(String host, int type, int port, Integer code)
            throws IOException {
        read(JSON.replace("8.8.8.8", host)
                .replace("172.16.1.11", host)
                .replace("\"id.orig_p\":3", "\"id.orig_p\":" + type)
                .replace("\"id.resp_p\":1", "\"id.resp_p\":" + port));
        assertThat(flows.get(0).getIcmpType()).isEqualTo(type);
        assertThat(flows.get(0).getIcmpCode()).isEqualTo(code);
    }

    @Test
    void aCompressedLogThatBreaksOffGivesItsWholeLinesAndNoTornOne(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, true)) {
            gzip.write((HEADER + ROW).getBytes(StandardCharsets.UTF_8));
            gzip.flush();
            gzip.write(ROW.substring(0, 40).getBytes(StandardCharsets.UTF_8));
            gzip.flush();
        }
        Path file = Files.write(folder.resolve("conn.gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() - 10));
        FlowLog log = log();
        assertThatThrownBy(() -> log.read(file)).isInstanceOf(EOFException.class);
        assertThat(flows).hasSize(1);
        assertThat(errors).isEmpty();
        assertThat(log.lines()).isEqualTo(7);
    }

    @Test
    void compressedLogsAreRead(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write((HEADER + ROW).getBytes(StandardCharsets.UTF_8));
        }
        Path file = Files.write(folder.resolve("conn.gz"), bytes.toByteArray());
        log().read(file);
        assertThat(flows).hasSize(1);
    }

    @Test
    @Timeout(30)
    void followingReadsWhatIsAppendedAndStartsAgainAfterRotation(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("conn"), HEADER + ROW.substring(0, 20));
        AtomicBoolean stop = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            try {
                log().follow(file, 5, stop::get);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.start();
        Thread.sleep(50);
        Files.writeString(file, ROW.substring(20), StandardOpenOption.APPEND);
        awaitFlows(1);
        Files.move(file, folder.resolve("conn.1"));
        Files.writeString(folder.resolve("next"), HEADER + ROW + ROW);
        Files.move(folder.resolve("next"), file);
        awaitFlows(3);
        stop.set(true);
        reader.join();
        assertThat(flows).hasSize(3);
    }

    @Test
    void damagedLogsThrowNothing() throws IOException {
        SplittableRandom random = new SplittableRandom(9);
        byte[] seed = (HEADER + ROW + JSON + ROW).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 8_000; i++) {
            byte[] log = seed.clone();
            for (int flips = random.nextInt(1, 8); flips > 0; flips--) {
                String likely = "\t\n#-{}\"\\:.,e9 0";
                log[random.nextInt(log.length)] = (byte)
                        (random.nextBoolean() ? likely.charAt(random.nextInt(likely.length())) : random.nextInt(256));
            }
            log().read(new ByteArrayInputStream(log));
        }
        assertThat(flows.size()).isGreaterThan(4_000);
        assertThat(errors.size()).isGreaterThan(4_000);
    }

    private void awaitFlows(int count) throws InterruptedException {
        while (flows.size() < count) {
            Thread.sleep(5);
        }
    }

    private void read(String text) throws IOException {
        log().read(bytes(text));
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private FlowLog log() {
        return new FlowLog(() -> new ZeekConnParser("zeek"), flows::add, (n, reason) -> errors.add(n + ": " + reason));
    }
}
