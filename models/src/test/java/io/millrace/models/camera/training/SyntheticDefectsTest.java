package io.millrace.models.camera.training;

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SyntheticDefectsTest {

    private static final int SIZE = 64;

    private static byte[] picture() {
        byte[] rgb = new byte[3 * SIZE * SIZE];
        new Random(1).nextBytes(rgb);
        return rgb;
    }

    @Test
    void onlyWhatTheMaskSaysIsChanged() {
        SyntheticDefects defects = new SyntheticDefects(SIZE, 3);
        byte[] normal = picture();
        byte[] before = normal.clone();
        int changed = 0;
        for (int round = 0; round < 100; round++) {
            SyntheticDefects.Defective made = defects.on(normal);
            int wrong = 0;
            for (int i = 0; i < SIZE * SIZE; i++) {
                wrong += made.mask()[i] ? 1 : 0;
                if (!made.mask()[i]) {
                    for (int c = 0; c < 3; c++) {
                        assertThat(made.rgb()[3 * i + c]).isEqualTo(normal[3 * i + c]);
                    }
                }
            }
            assertThat(wrong).isBetween(1, SIZE * SIZE / 4);
            changed += java.util.Arrays.equals(made.rgb(), normal) ? 0 : 1;
        }
        assertThat(changed).isEqualTo(100);
        assertThat(normal).isEqualTo(before);
    }

    @Test
    void theSameSeedMakesTheSame() {
        SyntheticDefects.Defective made = new SyntheticDefects(SIZE, 8).on(picture());
        assertThat(new SyntheticDefects(SIZE, 8).on(picture()).rgb()).isEqualTo(made.rgb());
        assertThat(new SyntheticDefects(SIZE, 9).on(picture()).mask()).isNotEqualTo(made.mask());
    }
}
