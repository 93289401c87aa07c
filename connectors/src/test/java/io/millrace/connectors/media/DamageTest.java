package io.millrace.connectors.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** What is damaged or missing is passed over, counted, and named with its place. */
class DamageTest {

    private static DamageReport read(byte[] bytes) throws IOException {
        try (AudioTrack track = Fixtures.open(bytes)) {
            Fixtures.rest(track);
            return track.damage();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tone.flac",
                "tone.mp3",
                "chained.ogg",
                "chained.opus",
                "chained.oga",
                "tone-pcm_s24le.wav",
                "tone-adpcm_ms.wav",
                "tone.aiff",
                "tone.au",
                "tone.mka",
                "tone-faststart.m4a"
            })
    void whatIsCutOffIsMissed(String name) throws IOException {
        byte[] whole = Fixtures.bytes(name);
        byte[] cut = Arrays.copyOf(whole, whole.length - Math.min(300, whole.length / 6));
        DamageReport damage = read(cut);
        assertThat(damage.count()).isPositive();
        assertThat(damage.first().get(0).position()).isBetween(1L, (long) cut.length);
        assertThat(damage.lines()).isNotEmpty();
    }

    @Test
    void aCutOfFlacIsSeenAlsoWhereItsLengthIsUnknown() throws IOException {
        byte[] bytes = Fixtures.bytes("tone.flac");
        Arrays.fill(bytes, 22, 26, (byte) 0);
        bytes[21] &= (byte) 0xf0;
        assertThat(Fixtures.whole(bytes)).hasSize(1000);
        for (int cut = 1; cut < 40; cut++) {
            assertThat(read(Arrays.copyOf(bytes, bytes.length - cut)).count())
                    .as("%d bytes less", cut)
                    .isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tone.flac", "chained.ogg", "chained.opus", "chained.oga"})
    void aBitThatFlippedIsFoundByTheChecksum(String name) throws IOException {
        byte[] bytes = Fixtures.bytes(name);
        bytes[bytes.length - 100] ^= 0x10;
        assertThat(read(bytes).count()).isPositive();
    }

    @Test
    void readingGoesOnBehindTheDamage() throws IOException {
        byte[] good = Fixtures.bytes("tone-untagged.mp3");
        byte[] junk = new byte[3000];
        Arrays.fill(junk, (byte) 0x55);
        try (AudioTrack track = Fixtures.open(Fixtures.joined(good, junk, good))) {
            int samples = Fixtures.rest(track).length;
            assertThat(samples).isGreaterThan(19 * Fixtures.samples("tone-untagged.mp3").length / 10 - 1152);
            Damage damage = track.damage().first().get(0);
            assertThat(damage.position()).isBetween(good.length - 400L, good.length + 3400L);
            assertThat(damage.seconds()).isCloseTo(0.2, within(0.1));
        }
    }

    @Test
    void samplesThatAreNoNumbersAreSilenceAndDamage() throws IOException {
        byte[] bytes = Fixtures.bytes("tone-pcm_f32le.wav");
        int at = bytes.length - 40;
        Arrays.fill(bytes, at, at + 4, (byte) 0xff);
        try (AudioTrack track = Fixtures.open(bytes)) {
            float[] samples = Fixtures.rest(track);
            assertThat(samples[990]).isZero();
            assertThat(track.damage().lines()).singleElement().asString().contains("1 samples are no numbers");
        }
    }

    @Test
    void ofManyPlacesTheFirstAreKeptAndTheRestCounted() {
        DamageReport report = new DamageReport();
        for (int i = 0; i < 100; i++) {
            report.add(new Damage(i, 0.5, "odd"));
        }
        assertThat(report.count()).isEqualTo(100);
        assertThat(report.lines())
                .hasSize(DamageReport.KEPT + 1)
                .startsWith("damaged: byte 0, at 0.500 s: odd")
                .endsWith("damaged: 80 more places");
    }

    @Test
    void whatCannotBeReadIsNoDamage() {
        InputStream broken = new ByteArrayInputStream(Fixtures.bytes("tone-192k.wav")) {
            @Override
            public int read(byte[] into, int offset, int length) {
                if (pos > 2000) {
                    throw new IllegalStateException("the disk is gone");
                }
                return super.read(into, offset, Math.min(length, 500));
            }
        };
        assertThatThrownBy(() -> {
                    try (AudioTrack track = Fixtures.open(broken, null)) {
                        Fixtures.rest(track);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the disk is gone");
    }
}
