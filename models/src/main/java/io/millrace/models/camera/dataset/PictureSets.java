package io.millrace.models.camera.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Data sets of pictures in folders, as MVTec AD lays them out ({@code train/good}, {@code test/KIND}, {@code
 * ground_truth/KIND/NAME_mask.png}), as {@code normal} and {@code anomaly}, or as an {@code index.csv} says (columns file,
 * label, mask; labels {@code normal}, {@code anomaly} or {@code anomaly:KIND}; files relative to it).
 *
 * <p>Where a set does not say which pictures are for testing, all that show something wrong are, and of the normal ones a
 * share that the seed draws.
 */
public final class PictureSets {

    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "bmp", "tif", "tiff", "webp", "gif");
    private static final String INDEX = "index.csv";
    private static final double TEST_SHARE = 0.3;

    private PictureSets() {}

    /**
     * Reads which pictures a folder holds.
     *
     * @param seed seed of the part of the normal pictures that are for testing
     * @throws IOException if the folder cannot be read
     * @throws IllegalArgumentException if it is laid out in none of these ways, or has no normal picture to learn from
     */
    public static List<LabelledPicture> read(Path folder, long seed) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "no such folder");
        }
        List<LabelledPicture> pictures;
        if (Files.isDirectory(folder.resolve("train/good"))) {
            pictures = mvtec(folder);
        } else if (Files.isDirectory(folder.resolve("normal"))) {
            pictures = split(folders(folder), seed);
        } else {
            Path index =
                    Files.isRegularFile(folder.resolve(INDEX)) ? folder.resolve(INDEX) : folder.resolveSibling(INDEX);
            if (!Files.isRegularFile(index)) {
                throw new IllegalArgumentException(folder + " holds neither train/good, nor normal, nor index.csv");
            }
            pictures = split(indexed(index, folder), seed);
        }
        if (pictures.stream().noneMatch(picture -> picture.isNormal() && !picture.isTest())) {
            throw new IllegalArgumentException(folder + " holds no normal picture to learn from");
        }
        return pictures;
    }

    private static List<LabelledPicture> mvtec(Path folder) throws IOException {
        List<LabelledPicture> pictures = new ArrayList<>();
        for (Path file : pictures(folder.resolve("train/good"))) {
            pictures.add(new LabelledPicture(file, LabelledPicture.NORMAL, null, false));
        }
        Path test = folder.resolve("test");
        if (Files.isDirectory(test)) {
            try (Stream<Path> kinds = Files.list(test)) {
                for (Path kind : kinds.filter(Files::isDirectory).sorted().toList()) {
                    String name = kind.getFileName().toString();
                    boolean good = name.equals("good");
                    for (Path file : pictures(kind)) {
                        String plain = file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
                        Path mask = folder.resolve("ground_truth").resolve(name).resolve(plain + "_mask.png");
                        pictures.add(new LabelledPicture(
                                file,
                                good ? LabelledPicture.NORMAL : name,
                                !good && Files.isRegularFile(mask) ? mask : null,
                                true));
                    }
                }
            }
        }
        return pictures;
    }

    private static List<LabelledPicture> folders(Path folder) throws IOException {
        List<LabelledPicture> pictures = new ArrayList<>();
        for (Path file : pictures(folder.resolve("normal"))) {
            pictures.add(new LabelledPicture(file, LabelledPicture.NORMAL, null, false));
        }
        if (Files.isDirectory(folder.resolve("anomaly"))) {
            for (Path file : pictures(folder.resolve("anomaly"))) {
                pictures.add(new LabelledPicture(file, "anomaly", null, true));
            }
        }
        return pictures;
    }

    private static List<LabelledPicture> indexed(Path index, Path folder) throws IOException {
        List<LabelledPicture> pictures = new ArrayList<>();
        List<String> lines = Files.readAllLines(index);
        List<String> columns =
                List.of(lines.isEmpty() ? new String[0] : lines.get(0).split(",", -1));
        int file = columns.indexOf("file");
        int label = columns.indexOf("label");
        int mask = columns.indexOf("mask");
        if (file < 0 || label < 0) {
            throw new IllegalArgumentException(index + " must have the columns file and label, got " + columns);
        }
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",", -1);
            if (lines.get(i).isBlank()) {
                continue;
            }
            if (cells.length <= Math.max(file, label)) {
                throw new IllegalArgumentException(index + ", line " + (i + 1) + ": " + cells.length + " columns");
            }
            Path picture = index.resolveSibling(cells[file]);
            if (picture.startsWith(folder)) {
                boolean normal = cells[label].equals(LabelledPicture.NORMAL);
                String kind = cells[label].contains(":")
                        ? cells[label].substring(cells[label].indexOf(':') + 1)
                        : cells[label];
                Path shown = mask < 0 || mask >= cells.length || cells[mask].isEmpty()
                        ? null
                        : index.resolveSibling(cells[mask]);
                pictures.add(new LabelledPicture(picture, kind, normal ? null : shown, !normal));
            }
        }
        return pictures;
    }

    private static List<LabelledPicture> split(List<LabelledPicture> pictures, long seed) {
        List<LabelledPicture> normal = new ArrayList<>(
                pictures.stream().filter(LabelledPicture::isNormal).toList());
        Collections.shuffle(normal, new Random(seed));
        List<LabelledPicture> all = new ArrayList<>();
        int test = (int) Math.round(TEST_SHARE * normal.size());
        for (int i = 0; i < normal.size(); i++) {
            all.add(new LabelledPicture(normal.get(i).file(), LabelledPicture.NORMAL, null, i < test));
        }
        pictures.stream().filter(picture -> !picture.isNormal()).forEach(all::add);
        return all;
    }

    private static List<Path> pictures(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
                    })
                    .sorted()
                    .toList();
        }
    }
}
