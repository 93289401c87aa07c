package io.millrace.operators.intrusion;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

import io.millrace.models.intrusion.FlowContext;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.millrace.operators.intrusion.SampleFlows.at;
import static io.millrace.operators.intrusion.SampleFlows.millis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class FlowRowsTest {

    private static final String HOST = "192.168.1.9";
    private static final FlowProfile CORE = FlowProfile.CORE;
    private static final FlowProfile ZEEK = FlowProfile.ZEEK;

    private static FlowRecord.Builder sample() {
        return SampleFlows.builder(HOST, 10, "flow");
    }

    /** A flow with everything that Zeek says of one. */
    private static FlowRecord.Builder zeekSample() {
        return sample().setSourceFormat(FlowFormat.ZEEK)
                .setDurationSeconds(0.0375)
                .setService("ssl")
                .setConnectionState("SF")
                .setHistory("ShADd")
                .setAttributes(Map.of(
                        "orig_bytes", "240",
                        "resp_bytes", "1188",
                        "missed_bytes", "52",
                        "local_orig", "T",
                        "local_resp", "F"));
    }

    private static FlowRow row(FlowProfile profile, FlowRecord.Builder flow) {
        return new FlowRows(profile).row(flow.build());
    }

    private static double number(FlowProfile profile, FlowRow row, String field) {
        int at = profile.numericFields().indexOf(field);
        assertThat(at).as("place of %s", field).isNotNegative();
        return row.numeric()[at];
    }

    private static double number(FlowRecord.Builder flow, String field) {
        return number(CORE, row(CORE, flow), field);
    }

    private static String category(FlowProfile profile, FlowRecord.Builder flow, String field) {
        int at = profile.categoricalFields().indexOf(field);
        assertThat(at).as("place of %s", field).isNotNegative();
        return row(profile, flow).categorical()[at];
    }

    private static Set<String> missing(FlowProfile profile, FlowRow row) {
        Set<String> missing = new TreeSet<>();
        for (int i = 0; i < row.numeric().length; i++) {
            if (Double.isNaN(row.numeric()[i])) {
                missing.add(profile.numericFields().get(i));
            }
        }
        for (int i = 0; i < row.categorical().length; i++) {
            if (row.categorical()[i].isEmpty()) {
                missing.add(profile.categoricalFields().get(i));
            }
        }
        return missing;
    }

    @ParameterizedTest
    @EnumSource(
            value = FlowProfile.class,
            names = {"CORE", "ZEEK"})
    void aRowHasAValueForEachFieldOfItsProfile(FlowProfile profile) {
        FlowRow row = row(profile, zeekSample());
        assertThat(row.numeric()).hasSameSizeAs(profile.numericFields());
        assertThat(row.categorical()).hasSameSizeAs(profile.categoricalFields());
    }

    @ParameterizedTest
    @EnumSource(
            value = FlowProfile.class,
            names = {"CORE", "ZEEK"},
            mode = EnumSource.Mode.EXCLUDE)
    void aProfileOfDataSetsIsRefusedWithTheRemedy(FlowProfile profile) {
        assertThatThrownBy(() -> new FlowRows(profile))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(profile.id())
                .hasMessageContaining("train a model on --format core or zeek");
    }

    @ParameterizedTest
    @EnumSource(
            value = FlowProfile.class,
            names = {"CORE", "ZEEK"})
    void countersComeInBytesPacketsAndSeconds(FlowProfile profile) {
        FlowRow row = row(profile, sample().setDurationSeconds(1.99));

        assertThat(number(profile, row, "duration_seconds")).isEqualTo(1.99);
        assertThat(number(profile, row, "bytes_out")).isEqualTo(500);
        assertThat(number(profile, row, "bytes_in")).isEqualTo(1_500);
        assertThat(number(profile, row, "packets_out")).isEqualTo(5);
        assertThat(number(profile, row, "packets_in")).isEqualTo(6);
        assertThat(number(profile, row, "bytes_per_packet_out")).isEqualTo(100);
        assertThat(number(profile, row, "bytes_per_packet_in")).isEqualTo(250);
        assertThat(number(profile, row, "bytes_per_second"))
                .as("both directions, over a hundredth of a second more")
                .isCloseTo(1_000, within(1e-9));
        assertThat(number(profile, row, "packets_per_second")).isCloseTo(5.5, within(1e-9));
        assertThat(number(profile, row, "share_of_bytes_in")).isEqualTo(0.75);
        assertThat(number(profile, row, "share_of_packets_in")).isCloseTo(6 / 11.0, within(1e-12));
        assertThat(missing(CORE, row(CORE, sample().setDurationSeconds(1.99)))).containsExactly("icmp_type");
    }

    @Test
    void aFlowWithoutADurationTakesTheTimeBetweenItsPackets() {
        assertThat(number(sample().setStartTime(at(7.25)).setEndTime(at(10)), "duration_seconds"))
                .isEqualTo(2.75);
        assertThat(number(sample().setStartTime(at(11)).setEndTime(at(10)), "duration_seconds"))
                .as("an end before the start")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        ", 0, ''",
        "0, 1, 0",
        "22, 1, 22",
        "1023, 1, 1023",
        "1024, 2, 1024",
        "32767, 2, 32767",
        "32768, 3, 32768",
        "49151, 3, 49151",
        "49152, 3, dynamic",
        "65535, 3, dynamic"
    })
    void portsAreClassedAndNamedWhereTheyNameAService(Integer port, int portClass, String service) {
        assertThat(number(sample().setSourcePort(port), "source_port_class")).isEqualTo(portClass);
        assertThat(number(sample().setDestinationPort(port), "destination_port_class"))
                .isEqualTo(portClass);
        assertThat(category(CORE, sample().setDestinationPort(port), "service_port"))
                .isEqualTo(service);
        assertThat(category(ZEEK, sample().setDestinationPort(port), "service_port"))
                .isEqualTo(service);
    }

    @ParameterizedTest
    @CsvSource({"0, =", "1, =F", "2, =S", "4, =R", "8, =P", "16, =A", "32, =U", "27, =FSPA", "63, =FSRPAU"})
    void tcpFlagsAreNamedByTheirLetters(int flags, String letters) {
        assertThat(category(CORE, sample().setTcpFlagsOut(flags), "flags_out")).isEqualTo(letters);
        assertThat(category(CORE, sample().setTcpFlagsIn(flags), "flags_in")).isEqualTo(letters);
    }

    @Test
    void flagsOfBothDirectionsStandForThoseOfASourceThatDoesNotPartThem() {
        FlowRecord.Builder together =
                sample().setTcpFlags(3).setTcpFlagsOut(null).setTcpFlagsIn(null);
        assertThat(category(CORE, together, "flags_out")).isEqualTo("=FS");
        assertThat(category(CORE, together, "flags_in")).isEmpty();
        assertThat(category(CORE, sample().setTcpFlags(3).setTcpFlagsOut(16), "flags_out"))
                .isEqualTo("=A");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 58})
    void icmpHasATypeAndNeitherServiceNorFlags(int protocol) {
        FlowRecord.Builder ping = sample().setProtocol(protocol).setIcmpType(8).setDestinationPort(2_048);
        assertThat(row(CORE, ping).categorical()).containsExactly(Integer.toString(protocol), "", "", "", "8");
        assertThat(category(CORE, ping.setIcmpType(null), "icmp_type")).isEmpty();
    }

    @Test
    void otherProtocolsHaveNeitherFlagsNorIcmpTypeWhateverTheRecordSays() {
        assertThat(row(CORE, sample().setProtocol(17).setIcmpType(8)).categorical())
                .containsExactly("17", "443", "", "", "");
    }

    @Test
    void whatZeekAddsArrives() {
        FlowRow row = row(ZEEK, zeekSample());

        assertThat(number(ZEEK, row, "duration_seconds")).isEqualTo(0.0375);
        assertThat(number(ZEEK, row, "payload_out")).isEqualTo(240);
        assertThat(number(ZEEK, row, "payload_in")).isEqualTo(1_188);
        assertThat(number(ZEEK, row, "missed_bytes")).isEqualTo(52);
        assertThat(number(ZEEK, row, "history_length")).isEqualTo(5);
        assertThat(number(ZEEK, row, "history_from_source"))
                .as("S, A, D of ShADd")
                .isEqualTo(0.6);
        assertThat(row.categorical()).containsExactly("6", "443", "ssl", "SF", "ShADd", "TF");
        assertThat(missing(ZEEK, row)).isEmpty();
    }

    @Test
    void longNamesAreCutToEightCharacters() {
        assertThat(category(ZEEK, zeekSample().setHistory("ShADadttfF"), "history"))
                .isEqualTo("ShADadtt");
        assertThat(number(ZEEK, row(ZEEK, zeekSample().setHistory("ShADadttfF")), "history_length"))
                .as("of the whole history")
                .isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"T, F, TF", "F, T, FT", "true, false, TF", "-, T, ?T", ", , ??", "F, , F?"})
    void directionTellsWhichSideIsLocal(String source, String destination, String direction) {
        Map<String, String> attributes = new HashMap<>();
        if (source != null) {
            attributes.put("local_orig", source);
        }
        if (destination != null) {
            attributes.put("local_resp", destination);
        }
        assertThat(category(ZEEK, zeekSample().setAttributes(attributes), "direction"))
                .isEqualTo(direction);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes_out, bytes_out bytes_per_packet_out bytes_per_second share_of_bytes_in",
        "bytes_in, bytes_in bytes_per_packet_in share_of_bytes_in",
        "packets_out, packets_out bytes_per_packet_out packets_per_second share_of_packets_in",
        "packets_in, packets_in bytes_per_packet_in share_of_packets_in",
        "destination_port, service_port",
        "tcp_flags_out, flags_out",
        "tcp_flags_in, flags_in",
        "service, service",
        "connection_state, connection_state",
        "history, history history_from_source history_length",
        "attributes, missed_bytes payload_in payload_out"
    })
    void whatTheSourceDoesNotGiveIsMissingAndNothingElseIs(String field, String expected) {
        FlowRecord flow = zeekSample().build();
        Set<String> before = missing(CORE, new FlowRows(CORE).row(flow));
        flow.put(field, field.equals("attributes") ? Map.of() : null);

        Set<String> missing = missing(CORE, new FlowRows(CORE).row(flow));
        missing.removeAll(before);
        missing.addAll(missing(ZEEK, new FlowRows(ZEEK).row(flow)));

        assertThat(missing).containsExactlyInAnyOrder(expected.split(" "));
    }

    @Test
    void ratesOfAFlowSeenInOneDirectionAreThoseOfThatDirection() {
        FlowRecord.Builder oneWay =
                sample().setDurationSeconds(0.99).setBytesIn(null).setPacketsIn(null);
        assertThat(number(oneWay, "bytes_per_second")).isCloseTo(500, within(1e-9));
        assertThat(number(oneWay, "packets_per_second")).isCloseTo(5, within(1e-9));
    }

    @Test
    void aCounterOfZeroIsNotMissing() {
        FlowRecord.Builder unanswered = sample().setBytesIn(0L).setPacketsIn(0L);
        assertThat(number(unanswered, "bytes_in")).isZero();
        assertThat(number(unanswered, "packets_in")).isZero();
        assertThat(number(unanswered, "bytes_per_packet_in")).isZero();
        assertThat(number(unanswered, "share_of_bytes_in")).isZero();
        FlowRecord.Builder silent = unanswered.setBytesOut(0L).setPacketsOut(0L).setDurationSeconds(0.0);
        for (double value : row(CORE, silent).numeric()) {
            assertThat(value).isFinite();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "", "many"})
    void anAttributeThatIsNoNumberIsMissing(String text) {
        FlowRow row = row(ZEEK, zeekSample().setAttributes(Map.of("orig_bytes", text, "resp_bytes", "7")));
        assertThat(number(ZEEK, row, "payload_out")).isNaN();
        assertThat(number(ZEEK, row, "payload_in")).isEqualTo(7);
    }

    @Test
    void zeekWritesADashForWhatItDoesNotKnow() {
        FlowRecord.Builder unknown = zeekSample().setService("-").setConnectionState("-");
        assertThat(category(ZEEK, unknown, "service")).isEmpty();
        assertThat(category(ZEEK, unknown, "connection_state")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        ", false, benign",
        "benign, false, benign",
        "Benign, false, benign",
        "scan, true, scan",
        "Brute-Force, true, brute-force"
    })
    void theTruthIsTheLabel(String label, boolean attack, String kind) {
        FlowRow row = row(CORE, sample().setLabel(label));
        assertThat(row.attack()).isEqualTo(attack);
        assertThat(row.kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource(
            value = FlowProfile.class,
            names = {"CORE", "ZEEK"})
    void truthNamesAddressesAndAbsoluteTimesAreNoInputs(FlowProfile profile) {
        FlowRow row = row(profile, zeekSample());
        FlowRow elsewhere = row(
                profile,
                zeekSample()
                        .setFlowId("other")
                        .setSensor("other")
                        .setSourceAddress("2001:db8::1")
                        .setDestinationAddress("2001:db8::2")
                        .setStartTime(at(500))
                        .setEndTime(at(501))
                        .setObservedTime(at(502))
                        .setLabel("scan"));
        assertThat(elsewhere.numeric()).isEqualTo(row.numeric());
        assertThat(elsewhere.categorical()).isEqualTo(row.categorical());
    }

    @Test
    void theContextSaysWhoTalkedToWhomAndWhen() {
        FlowRecord flow = sample().build();
        assertThat(FlowRows.keyOf(flow)).isEqualTo(HOST);
        assertThat(FlowRows.context(flow))
                .isEqualTo(new FlowContext(HOST, "10.0.0.1", 40_000, 443, 6, millis(9.9), millis(10), 500, 1_500, true))
                .isEqualTo(row(CORE, sample()).context());
    }

    @Test
    void theContextOfABareFlowSaysWhatStandsForNothing() {
        FlowContext context = FlowRows.context(sample().setSourcePort(null)
                .setDestinationPort(null)
                .setBytesOut(null)
                .setBytesIn(null)
                .build());
        assertThat(context.sourcePort()).isEqualTo(-1);
        assertThat(context.destinationPort()).isEqualTo(-1);
        assertThat(context.bytesOut()).isZero();
        assertThat(context.bytesIn()).isZero();
    }

    private static boolean answered(UnaryOperator<FlowRecord.Builder> change) {
        return FlowRows.context(change.apply(sample()).build()).answered();
    }

    @ParameterizedTest
    @CsvSource({"S0, false", "REJ, false", "RSTOS0, false", "RSTRH, false", "SH, false", "SF, true", "S1, true"})
    void zeeksConnectionStateTellsWhetherAFlowWasAnswered(String state, boolean answered) {
        assertThat(answered(flow -> flow.setConnectionState(state))).isEqualTo(answered);
    }

    @Test
    void aFlowIsAnsweredByPacketsThatAreNoRefusal() {
        assertThat(answered(flow -> flow.setPacketsIn(0L))).as("no packet").isFalse();
        assertThat(answered(flow -> flow.setTcpFlagsIn(20)))
                .as("reset of an opening")
                .isFalse();
        assertThat(answered(flow -> flow.setTcpFlagsIn(22)))
                .as("reset of what was open")
                .isTrue();
        assertThat(answered(flow -> flow.setTcpFlagsIn(null)))
                .as("flags unknown")
                .isTrue();
        assertThat(answered(flow -> flow.setProtocol(17).setTcpFlagsIn(20)))
                .as("UDP knows no reset")
                .isTrue();
    }

    @Test
    void ofAFlowSeenInOneDirectionItsOwnFlagsTellWhetherItWasAnswered() {
        UnaryOperator<FlowRecord.Builder> oneWay =
                flow -> flow.setPacketsIn(null).setTcpFlagsIn(null);
        assertThat(answered(flow -> oneWay.apply(flow).setTcpFlagsOut(2)))
                .as("an opening alone")
                .isFalse();
        assertThat(answered(flow -> oneWay.apply(flow).setTcpFlagsOut(18)))
                .as("an opening and an acknowledgement")
                .isTrue();
        assertThat(answered(flow -> oneWay.apply(flow).setTcpFlagsOut(null))).isTrue();
        assertThat(answered(flow -> oneWay.apply(flow).setProtocol(17).setTcpFlagsOut(null)))
                .isTrue();
    }
}
