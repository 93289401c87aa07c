package io.millrace.connectors.netflow;

import java.util.List;

import io.millrace.connectors.netflow.ExportBuilder.Bytes;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SamplingTest {
    private static final int[] PLAIN = {8, 4, 12, 4, 1, 4, 2, 4};

    private final Decoding decoding = new Decoding();

    @Test
    void everySamplerHasItsOwnRate() {
        Bytes samplers =
                new Bytes().u32(7).u16(1).u8(2).u32(100).u32(7).u16(2).u8(2).u32(4000);
        decoding.receive(
                ExportBuilder.v9().options(257, 1, 1, 4, 48, 2, 49, 1, 50, 4).set(257, samplers));
        for (int sampler = 0; sampler <= 3; sampler++) {
            decoding.receive(ExportBuilder.v9()
                    .template(256, 8, 4, 12, 4, 1, 4, 2, 4, 48, 1)
                    .set(256, plain().u8(sampler)));
        }
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(null, 100.0, 4000.0, null);
        assertThat(decoding.flows.get(1).getAttributes()).containsEntry("samplingInterval", "100");
        assertThat(decoding.flows.get(0).getAttributes()).doesNotContainKey("samplingInterval");
    }

    @Test
    void aFlowThatNamesNoSamplerHasTheRateThatAllOfThemHave() {
        Bytes one = new Bytes().u32(7).u16(1).u8(2).u32(100);
        decoding.receive(ExportBuilder.v9()
                .options(257, 1, 1, 4, 48, 2, 49, 1, 50, 4)
                .set(257, one)
                .template(256, PLAIN)
                .set(256, plain()));
        Bytes another = new Bytes().u32(7).u16(2).u8(2).u32(200);
        decoding.receive(ExportBuilder.v9().set(257, another).set(256, plain()));
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(100.0, null);
    }

    @Test
    void selectorsOfIpfixAreSamplersToo() {
        Bytes selectors = new Bytes().u64(5).u16(3).u32(1).u32(2000);
        decoding.receive(ExportBuilder.ipfix()
                .options(257, 1, 302, 8, 304, 2, 309, 4, 310, 4)
                .set(257, selectors)
                .template(256, 8, 4, 12, 4, 1, 4, 2, 4, 302, 8)
                .set(256, plain().u64(5))
                .template(258, 8, 4, 12, 4, 1, 4, 2, 4, 48, 1)
                .set(258, plain().u8(5)));
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(2000.0, 2000.0);
    }

    @Test
    void aSelectionSequenceLeadsToItsSelector() {
        decoding.receive(ExportBuilder.ipfix()
                .options(257, 1, 301, 8, 302, 8)
                .set(257, new Bytes().u64(9).u64(5))
                .options(258, 1, 302, 8, 305, 4, 306, 4)
                .set(258, new Bytes().u64(5).u32(1).u32(499))
                .template(256, 8, 4, 12, 4, 1, 4, 2, 4, 301, 8)
                .set(256, plain().u64(9)));
        assertThat(decoding.only().getSamplingRate()).isEqualTo(500);
    }

    @ParameterizedTest(name = "interval {0}, space {1}: 1 in {2}")
    @CsvSource({
        "1, 999, 1000, 1000",
        "100, 900, 10, 10",
        "2, 1, 1.5, 1.5",
        "1, 0, , ",
        "3, 7, 3.3333333333333335, 3.333"
    })
    void packetsTakenAndLeftOutGiveTheRate(long interval, long space, Double rate, String text) {
        announce(new int[] {305, 4, 306, 4}, new Bytes().u32(interval).u32(space));
        assertThat(decoding.only().getSamplingRate()).isEqualTo(rate);
        assertThat(decoding.only().getAttributes().get("samplingInterval")).isEqualTo(text);
    }

    @Test
    void timesTakenAndLeftOutGiveTheRate() {
        announce(new int[] {307, 4, 308, 4}, new Bytes().u32(1000).u32(9000));
        assertThat(decoding.only().getSamplingRate()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"1, 256, 256", "2, 100, 50", "5, 5, "})
    void someOfManyGiveTheRate(long size, long population, Double rate) {
        announce(new int[] {309, 4, 310, 4}, new Bytes().u32(size).u32(population));
        assertThat(decoding.only().getSamplingRate()).isEqualTo(rate);
    }

    @ParameterizedTest
    @CsvSource({"0.001, 1000", "0.5, 2", "1, ", "-3, ", "NaN, ", "1e-30, "})
    void aProbabilityGivesTheRate(double probability, Double rate) {
        announce(new int[] {311, 8}, new Bytes().f64(probability));
        assertThat(decoding.only().getSamplingRate()).isEqualTo(rate);
    }

    @Test
    void anIntervalAloneIsTheRate() {
        announce(new int[] {305, 4}, new Bytes().u32(512));
        assertThat(decoding.only().getSamplingRate()).isEqualTo(512);
    }

    @Test
    void samplingThatIsSwitchedOffHoldsNoLonger() {
        for (long off : new long[] {0, 1}) {
            decoding.flows.clear();
            announce(new int[] {34, 4}, new Bytes().u32(1000));
            assertThat(decoding.only().getSamplingRate()).isEqualTo(1000);
            decoding.receive(
                    ExportBuilder.ipfix().set(257, new Bytes().u32(7).u32(off)).set(256, plain()));
            assertThat(decoding.flows.get(1).getSamplingRate()).isNull();
            assertThat(decoding.flows.get(1).getAttributes()).doesNotContainKey("samplingInterval");
        }
    }

    @Test
    void aRateHoldsForItsInterfaceAlone() {
        Bytes rates = new Bytes().u32(1).u32(100).u32(2).u32(1000);
        decoding.receive(ExportBuilder.ipfix()
                .options(257, 1, 10, 4, 34, 4)
                .set(257, rates)
                .template(256, 8, 4, 12, 4, 1, 4, 2, 4, 10, 2)
                .set(
                        256,
                        plain().u16(1)
                                .raw(plain().u16(2).toArray())
                                .raw(plain().u16(3).toArray())));
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(100.0, 1000.0, null);
    }

    @Test
    void anInterfaceOfVersion9IsThatOfTheFlowsDirection() {
        Bytes rates = new Bytes().u32(1).u32(100).u32(2).u32(1000);
        decoding.receive(ExportBuilder.v9()
                .options(257, 1, 2, 4, 34, 4)
                .set(257, rates)
                .template(256, 8, 4, 12, 4, 1, 4, 2, 4, 10, 2, 14, 2, 61, 1)
                .set(
                        256,
                        plain().u16(1)
                                .u16(2)
                                .u8(0)
                                .raw(plain().u16(1).u16(2).u8(1).toArray())));
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(100.0, 1000.0);
    }

    @Test
    void aRateMayHoldForALineCardOrATemplate() {
        decoding.receive(ExportBuilder.v9()
                .options(257, 1, 3, 1, 34, 4)
                .set(257, new Bytes().u8(4).u32(100))
                .options(258, 1, 5, 2, 34, 4)
                .set(258, new Bytes().u16(301).u32(300))
                .template(256, 8, 4, 12, 4, 1, 4, 2, 4, 39, 1)
                .set(256, plain().u8(4).raw(plain().u8(5).toArray()))
                .template(301, PLAIN)
                .set(301, plain()));
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(100.0, null, 300.0);
    }

    @Test
    void theNarrowerScopeCounts() {
        decoding.receive(ExportBuilder.ipfix()
                .options(257, 1, 149, 4, 34, 4)
                .set(257, new Bytes().u32(7).u32(10))
                .options(258, 1, 10, 4, 34, 4)
                .set(258, new Bytes().u32(1).u32(20))
                .options(259, 1, 302, 4, 34, 4)
                .set(259, new Bytes().u32(1).u32(30))
                .template(256, 8, 4, 12, 4, 1, 4, 2, 4, 10, 2, 302, 4)
                .set(256, plain().u16(2).u32(2))
                .set(256, plain().u16(1).u32(2))
                .set(256, plain().u16(1).u32(1)));
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(10.0, 20.0, 30.0);
    }

    @Test
    void domain0SpeaksForTheExporterAndAnyDomainForTheOneItNames() {
        decoding.receive(ExportBuilder.ipfix()
                .domain(0)
                .options(257, 1, 144, 4, 34, 4)
                .set(257, new Bytes().u32(1).u32(10))
                .options(258, 1, 149, 4, 34, 4)
                .set(258, new Bytes().u32(9).u32(90)));
        for (long domain : new long[] {8, 9}) {
            decoding.receive(
                    ExportBuilder.ipfix().domain(domain).template(256, PLAIN).set(256, plain()));
        }
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(10.0, 90.0);
    }

    @Test
    void aRecordMayTellItsOwnRate() {
        decoding.receive(ExportBuilder.ipfix()
                .template(256, 8, 4, 12, 4, 1, 4, 2, 4, 34, 4)
                .set(256, plain().u32(64).raw(plain().u32(0).toArray())));
        assertThat(decoding.flows).extracting(FlowRecord::getSamplingRate).containsExactly(64.0, null);
    }

    @Test
    void volumesAreMultipliedWhereThatIsWantedAndTheFlowSaysSo() {
        AddressRange range = AddressRange.parse("192.0.2.0/24");
        SamplingPolicy policy = new SamplingPolicy(List.of(new SamplingPolicy.Rate(range, 1.5)), true);
        Decoding scaled =
                new Decoding(new DecoderOptions(DecoderLimits.COLLECTOR, DecoderOptions.USUAL_MAX_AHEAD, policy));
        ExportBuilder export = ExportBuilder.ipfix().template(256, PLAIN).set(256, plain());
        scaled.receive(export).receive(ExportSource.of("198.51.100.1"), export.build());
        FlowRecord flow = scaled.flows.get(0);
        assertThat(flow.getBytesOut()).isEqualTo(1500);
        assertThat(flow.getPacketsOut()).isEqualTo(15);
        assertThat(flow.getBytesIn()).isNull();
        assertThat(flow.getVolumesScaled()).isTrue();
        assertThat(flow.getSamplingRate()).isEqualTo(1.5);
        assertThat(scaled.flows.get(1).getBytesOut()).isEqualTo(1000);
        assertThat(scaled.flows.get(1).getVolumesScaled()).isFalse();
        decoding.receive(export);
        assertThat(decoding.only().getFlowId()).isEqualTo(flow.getFlowId());
    }

    @Test
    void aRateSetByHandWinsAndOneOf1SaysThatNothingIsSampled() {
        SamplingPolicy policy = new SamplingPolicy(
                List.of(new SamplingPolicy.Rate(AddressRange.parse("192.0.2.1"), 1), new SamplingPolicy.Rate(null, 50)),
                false);
        Decoding byHand =
                new Decoding(new DecoderOptions(DecoderLimits.COLLECTOR, DecoderOptions.USUAL_MAX_AHEAD, policy));
        ExportBuilder export = ExportBuilder.ipfix()
                .options(257, 1, 149, 4, 34, 4)
                .set(257, new Bytes().u32(7).u32(1000))
                .template(256, PLAIN)
                .set(256, plain());
        byHand.receive(export).receive(ExportSource.of("2001:db8::1"), export.build());
        assertThat(byHand.flows).extracting(FlowRecord::getSamplingRate).containsExactly(null, 50.0);
        assertThatThrownBy(() -> new SamplingPolicy.Rate(null, 0)).hasMessageContaining("from 1 to");
    }

    private void announce(int[] fields, Bytes values) {
        int[] all = new int[fields.length + 2];
        all[0] = 149;
        all[1] = 4;
        System.arraycopy(fields, 0, all, 2, fields.length);
        decoding.receive(ExportBuilder.ipfix()
                .options(257, 1, all)
                .set(257, new Bytes().u32(7).raw(values.toArray()))
                .template(256, PLAIN)
                .set(256, plain()));
    }

    private static Bytes plain() {
        return new Bytes().ip(198, 51, 100, 10).ip(203, 0, 113, 20).u32(1000).u32(10);
    }
}
