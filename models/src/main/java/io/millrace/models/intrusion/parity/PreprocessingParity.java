package io.millrace.models.intrusion.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.intrusion.reference.FlowPreprocessing;
import io.millrace.models.intrusion.reference.FlowPreprocessing.Range;
import io.millrace.models.intrusion.reference.FlowPreprocessing.Unseen;
import io.millrace.models.parity.ParityReport;

/** The pre-processing cases of a parity folder: columns, masks and evaluation windows made from its table. */
final class PreprocessingParity {

    private static final double TOLERANCE = 2e-6;

    private final JsonNode config;
    private final Map<String, HostTensor> cases;
    private final ParityReport report;
    private final Map<String, List<String>> table = new HashMap<>();
    private int rows;
    private int trainingRows;

    PreprocessingParity(JsonNode config, Map<String, HostTensor> cases, ParityReport report) {
        this.config = config;
        this.cases = cases;
        this.report = report;
    }

    void run(Path csv) throws IOException {
        read(csv);
        trainingRows = rows - (int) (rows * config.path("evaluation_percent").asDouble());
        for (Map.Entry<String, HostTensor> entry : cases.entrySet()) {
            if (entry.getKey().startsWith("prep/")) {
                compare(entry.getKey(), entry.getValue());
            }
        }
        config.path("min_range").properties().forEach(fitted -> {
            Range range = range(numbers(fitted.getKey()));
            float[] expected = {
                (float) fitted.getValue().get(0).asDouble(),
                (float) fitted.getValue().get(1).asDouble()
            };
            report.compare(
                    "prep/min_range/" + fitted.getKey(), expected, new float[] {range.minimum(), range.range()}, 0);
        });
    }

    private void compare(String name, HostTensor expected) {
        String[] parts = name.split("/", 4);
        if (parts.length == 2 && parts[1].equals("training_mask")) {
            report.compare(name, expected.longs(), mask(0, trainingRows));
        } else if (parts.length == 2 && parts[1].equals("is_attack")) {
            String benign = config.path("benign").asText();
            report.compare(
                    name,
                    expected.longs(),
                    table.get(config.path("class_column").asText()).stream()
                            .mapToLong(value -> value.equals(benign) ? 0 : 1)
                            .toArray());
        } else if (parts.length == 3 && parts[1].equals("unknown_mask") && table.containsKey(parts[2])) {
            long[] ids = ids(parts[2], Unseen.CORRECTED);
            report.compare(
                    name,
                    expected.longs(),
                    Arrays.stream(ids).map(id -> id == 0 ? 1 : 0).toArray());
        } else if (parts.length == 4 && table.containsKey(parts[3])) {
            column(name, expected, parts[1], parts[2].equals("eval_windows"), parts[3]);
        }
    }

    private void column(String name, HostTensor expected, String variant, boolean windows, String column) {
        if (isNumeric(column)) {
            double[] values = numbers(column);
            float[] scaled = range(values).transform(values, limit(), Unseen.AS_REFERENCE, variant.endsWith("_clip"));
            report.compare(name, expected.floats(), windows ? windows(scaled) : scaled, TOLERANCE);
            return;
        }
        long[] ids = ids(column, Unseen.AS_REFERENCE);
        long[] levels = variant.startsWith("onehot")
                ? Arrays.stream(ids).distinct().sorted().toArray()
                : null;
        int width = levels == null ? 1 : levels.length;
        int[] order = windows ? windowRows() : mapRows();
        long[] ours = new long[order.length * width];
        for (int i = 0; i < order.length; i++) {
            for (int j = 0; j < width; j++) {
                ours[i * width + j] = levels == null ? ids[order[i]] : ids[order[i]] == levels[j] ? 1 : 0;
            }
        }
        report.compare(name, expected.longs(), ours);
    }

    private float[] windows(float[] column) {
        int[] order = windowRows();
        float[] values = new float[order.length];
        for (int i = 0; i < order.length; i++) {
            values[i] = column[order[i]];
        }
        return values;
    }

    /** Rows of the windows that end at each evaluation row; the first reach back into training rows. */
    private int[] windowRows() {
        int window = config.path("window").asInt();
        int[] order = new int[(rows - trainingRows) * window];
        for (int i = 0; i < order.length; i++) {
            order[i] = trainingRows + i / window - window + 1 + i % window;
        }
        return order;
    }

    private int[] mapRows() {
        int[] order = new int[rows];
        Arrays.setAll(order, i -> i);
        return order;
    }

    private long[] mask(int from, int to) {
        long[] mask = new long[rows];
        Arrays.fill(mask, from, to, 1);
        return mask;
    }

    private Range range(double[] values) {
        return Range.fit(values, trainingRows, limit());
    }

    private long[] ids(String column, Unseen unseen) {
        List<String> values = table.get(column);
        List<String> levels = FlowPreprocessing.levels(
                values, trainingRows, config.path("n_categorical_levels").asInt());
        return FlowPreprocessing.ids(values, levels, unseen);
    }

    private double limit() {
        return config.path("numerical_filter").asDouble();
    }

    private boolean isNumeric(String column) {
        for (JsonNode name : config.path("numeric")) {
            if (name.asText().equals(column)) {
                return true;
            }
        }
        return false;
    }

    private double[] numbers(String column) {
        return table.get(column).stream()
                .mapToDouble(PreprocessingParity::number)
                .toArray();
    }

    private static double number(String text) {
        return switch (text.trim().toLowerCase(java.util.Locale.ROOT)) {
            case "", "nan" -> Double.NaN;
            case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private void read(Path csv) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        String[] names = lines.get(0).split(",", -1);
        for (String name : names) {
            table.put(name, new ArrayList<>());
        }
        for (String line : lines.subList(1, lines.size())) {
            if (line.isEmpty()) {
                continue;
            }
            String[] values = line.split(",", -1);
            if (values.length != names.length) {
                throw new IllegalArgumentException(csv + ": " + values.length + " values in a row of " + names.length);
            }
            for (int i = 0; i < names.length; i++) {
                table.get(names[i]).add(values[i]);
            }
        }
        rows = table.get(names[0]).size();
    }
}
