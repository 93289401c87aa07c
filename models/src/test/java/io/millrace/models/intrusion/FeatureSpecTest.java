package io.millrace.models.intrusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import io.millrace.models.intrusion.network.FlowInput;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class FeatureSpecTest {

    private static final FlowProfile PROFILE = FlowProfile.NSL_KDD;
    private static final int DURATION = 0;
    private static final int SOURCE_BYTES = 1;

    static FlowRow row(double duration, double bytes, String service) {
        double[] numeric = new double[PROFILE.numericFields().size()];
        numeric[DURATION] = duration;
        numeric[SOURCE_BYTES] = bytes;
        return new FlowRow(numeric, new String[] {"tcp", service, "SF"}, null, false, FlowRow.BENIGN);
    }

    private static FeatureSpec fit(FeatureSpec.Scaling scaling, List<FlowRow> rows) {
        return FeatureSpec.fit(PROFILE, new FeatureSpec.Options(scaling, 256, false, 1, List.of()), rows, List.of());
    }

    private static FlowInput encode(FeatureSpec spec, FlowRow row) {
        return spec.encode(row, KeyHistory.unknown());
    }

    @Test
    void logarithmFollowsTheFormulaAndClampsToTheFittedRange() {
        FeatureSpec spec = fit(FeatureSpec.Scaling.LOG, List.of(row(2, 0, "http"), row(11, 0, "http")));

        assertThat(encode(spec, row(5, 0, "http")).numeric()[0])
                .isCloseTo((float) (Math.log(5 - 2 + 1) / Math.log(9 + 1)), within(1e-6f));
        assertThat(encode(spec, row(-100, 0, "http")).numeric()[0]).isZero();
        assertThat(encode(spec, row(1e6, 0, "http")).numeric()[0]).isEqualTo(1);
    }

    @Test
    void constantFieldsAreNoInputs() {
        FeatureSpec spec = fit(FeatureSpec.Scaling.LOG, List.of(row(1, 7, "http"), row(3, 7, "http")));

        assertThat(spec.numericWidth()).isEqualTo(1);
        assertThat(spec.inputRanges())
                .singleElement()
                .satisfies(range -> assertThat(range.field()).isEqualTo("duration"));
    }

    @Test
    void rankIsTheShareBelowPlusHalfOfTheEqual() {
        FeatureSpec spec = fit(
                FeatureSpec.Scaling.RANK, List.of(row(0, 0, "a"), row(0, 0, "a"), row(10, 0, "a"), row(20, 0, "a")));

        assertThat(encode(spec, row(0, 0, "a")).numeric()[0]).isCloseTo(0.25f, within(1e-6f));
        assertThat(encode(spec, row(10, 0, "a")).numeric()[0]).isCloseTo(0.625f, within(1e-6f));
        assertThat(encode(spec, row(15, 0, "a")).numeric()[0]).isCloseTo(0.75f, within(1e-6f));
        assertThat(encode(spec, row(99, 0, "a")).numeric()[0]).isCloseTo(0.875f, within(1e-6f));
    }

    @Test
    void piecesSumToTheRank() {
        List<FlowRow> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            rows.add(row(i, 0, "a"));
        }
        FeatureSpec ranks = fit(FeatureSpec.Scaling.RANK, rows);
        FeatureSpec pieces = fit(FeatureSpec.Scaling.PIECES, rows);

        for (double value : new double[] {-5, 0, 13, 49.5, 80, 1000}) {
            float[] inputs = encode(pieces, row(value, 0, "a")).numeric();
            float sum = 0;
            for (float input : inputs) {
                assertThat(input).isBetween(0f, 1f);
                sum += input;
            }
            assertThat(sum / inputs.length)
                    .isCloseTo(encode(ranks, row(value, 0, "a")).numeric()[0], within(1e-5f));
        }
    }

    @Test
    void unseenLevelsHaveIdZeroAndFrequentOnesComeFirst() {
        FeatureSpec spec =
                fit(FeatureSpec.Scaling.LOG, List.of(row(0, 0, "dns"), row(1, 0, "http"), row(2, 0, "http")));

        assertThat(encode(spec, row(0, 0, "http")).categorical()[1]).isEqualTo(1);
        assertThat(encode(spec, row(0, 0, "dns")).categorical()[1]).isEqualTo(2);
        assertThat(encode(spec, row(0, 0, "gopher")).categorical()[1]).isZero();
    }

    @Test
    void noMoreThan32LevelsGetAnId() {
        List<FlowRow> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add(row(i, 0, "service" + i));
        }

        assertThat(fit(FeatureSpec.Scaling.LOG, rows).levels().get(1)).isEqualTo(32);
    }

    @Test
    void missingValuesAreZeroWithABitThatSaysSo() {
        FeatureSpec spec =
                fit(FeatureSpec.Scaling.LOG, List.of(row(1, 0, "a"), row(Double.NaN, 0, "a"), row(5, 0, "a")));

        assertThat(encode(spec, row(Double.NaN, 0, "a")).numeric()).containsExactly(0, 1);
        assertThat(encode(spec, row(1, 0, "a")).numeric()).containsExactly(0, 0);
        assertThat(encode(spec, row(Double.POSITIVE_INFINITY, 0, "a")).numeric())
                .containsExactly(0, 1);
    }

    @Test
    void everyInputIsFiniteWhateverTheFlow() {
        FeatureSpec spec = fit(FeatureSpec.Scaling.BOTH, List.of(row(1, 0, "a"), row(2, 9e12, "a")));

        for (double odd : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, -1e300, 1e300, Double.MIN_VALUE}) {
            for (float input : encode(spec, row(odd, odd, "")).numeric()) {
                assertThat(input).isFinite();
            }
        }
    }

    @Test
    void jsonBringsTheSameSpecBack() throws Exception {
        FeatureSpec spec =
                fit(FeatureSpec.Scaling.BOTH, List.of(row(1, 0.07, "a"), row(Double.NaN, 0.3, "b"), row(7, 1, "a")));

        FeatureSpec read = FeatureSpec.fromJson(spec.toJson());

        assertThat(read.sha256()).isEqualTo(spec.sha256()).hasSize(64);
        FlowRow probe = row(3, 0.2, "b");
        assertThat(encode(read, probe).numeric()).isEqualTo(encode(spec, probe).numeric());
        assertThat(encode(read, probe).categorical())
                .isEqualTo(encode(spec, probe).categorical());
    }

    @Test
    void aSpecOfAnotherFieldListIsRefused() {
        FeatureSpec spec = fit(FeatureSpec.Scaling.LOG, List.of(row(1, 0, "a"), row(2, 0, "a")));

        assertThatThrownBy(() -> new FeatureSpec(FlowProfile.UNSW, spec.options(), spec.numeric(), spec.categorical()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("profile unsw");
    }

    private static FlowRow coreRow() {
        return new FlowRow(
                new double[FlowProfile.CORE.numericFields().size()],
                new String[] {"6", "443", "", "", ""},
                null,
                false,
                FlowRow.BENIGN);
    }

    private static FeatureSpec keyedSpec() {
        FlowRow row = coreRow();
        double[] history = KeyHistory.unknown();
        Arrays.setAll(history, i -> i);
        return FeatureSpec.fit(
                FlowProfile.CORE,
                FeatureSpec.Options.of(FlowProfile.CORE),
                List.of(row, row),
                List.of(KeyHistory.unknown(), history));
    }

    @Test
    void aSpecOfBeforeTheHistoryLearnedMoreStillWorks() {
        FeatureSpec spec = keyedSpec();
        int before = FlowProfile.CORE.numericFields().size() + 22;
        FeatureSpec old =
                new FeatureSpec(spec.profile(), spec.options(), spec.numeric().subList(0, before), spec.categorical());
        FlowRow row = coreRow();

        float[] all = spec.encode(row, KeyHistory.unknown()).numeric();
        float[] known = old.encode(row, KeyHistory.unknown()).numeric();

        assertThat(known).hasSizeLessThan(all.length).isEqualTo(Arrays.copyOf(all, known.length));
    }

    @Test
    void aSpecOfOtherHistoryFeaturesIsRefused() {
        FeatureSpec spec = keyedSpec();
        List<NumericField> other = new ArrayList<>(spec.numeric());
        Collections.swap(other, other.size() - 1, other.size() - 2);

        assertThatThrownBy(() -> new FeatureSpec(spec.profile(), spec.options(), other, spec.categorical()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("train the model anew");
    }

    @Test
    void levelCountsCoverEveryField() {
        FeatureSpec spec = fit(FeatureSpec.Scaling.LOG, Arrays.asList(row(1, 0, "a"), row(2, 0, "b")));

        assertThat(spec.levels()).containsExactly(1, 2, 1);
    }
}
