package io.millrace.models.intrusion.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;

/**
 * NSL-KDD ({@code KDDTrain+.txt}, {@code KDDTest+.txt}): 41 fields, the attack's name and, optionally, a difficulty. No
 * header. Rows have neither key nor time, and their order means nothing.
 */
public final class NslKddTable implements FlowTables {

    private static final int FIELDS = 41;
    private static final int FIRST_CATEGORY = 1;
    private static final int LAST_CATEGORY = 3;

    @Override
    public List<FlowRow> read(Path file) throws IOException {
        List<FlowRow> rows = new ArrayList<>();
        List<String> names = FlowProfile.NSL_KDD.numericFields();
        try (TableLines lines = new TableLines(file)) {
            for (String[] cells = lines.next(); cells != null; cells = lines.next()) {
                if (cells.length != FIELDS + 1 && cells.length != FIELDS + 2) {
                    throw lines.problem(cells.length + " cells; NSL-KDD has 42, or 43 with the difficulty");
                }
                double[] numeric = new double[names.size()];
                String[] categorical = new String[LAST_CATEGORY - FIRST_CATEGORY + 1];
                for (int cell = 0, at = 0; cell < FIELDS; cell++) {
                    if (cell >= FIRST_CATEGORY && cell <= LAST_CATEGORY) {
                        categorical[cell - FIRST_CATEGORY] = cells[cell].toLowerCase(Locale.ROOT);
                    } else {
                        numeric[at] = lines.number(cells[cell], names.get(at));
                        at++;
                    }
                }
                String name = cells[FIELDS].toLowerCase(Locale.ROOT);
                if (name.isEmpty()) {
                    throw lines.problem("no attack name (normal, neptune, ...)");
                }
                boolean attack = !name.equals("normal");
                rows.add(new FlowRow(numeric, categorical, null, attack, attack ? name : FlowRow.BENIGN));
            }
        }
        return rows;
    }
}
