package io.millrace.connectors.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Every form that is read gives the samples that the ffmpeg command gives, by file and by pipe. */
class AudioTrackTest {
    private static final float CLOSE = 1e-4f;

    /** What has no mark is known by the file's name alone. */
    private static final Set<String> FILES_ALONE = Set.of("tone.g722", "tone.gsm");

    /** ffmpeg drops the packet in which the second file's tag stands, and the end that the first file's header gives. */
    private static final Set<String> NOT_WHOLE = Set.of("joined.mp3");

    static List<String> files() {
        return Fixtures.names();
    }

    static List<String> pipes() {
        return Fixtures.names().stream()
                .filter(name -> !FILES_ALONE.contains(name) && !NOT_WHOLE.contains(name))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileGivesTheSamplesOfTheCommand(String name) throws IOException {
        try (AudioTrack track = AudioTrack.open(Fixtures.folder().resolve(name), null, MediaLimits.STANDARD)) {
            assertThat(Fixtures.rest(track)).containsExactly(Fixtures.samples(name), within(CLOSE));
            assertThat(track.damage().count()).isEqualTo(NOT_WHOLE.contains(name) ? 1 : 0);
        }
    }

    @ParameterizedTest
    @MethodSource("pipes")
    void aPipeGivesTheSame(String name) throws IOException {
        assertThat(Fixtures.whole(Fixtures.bytes(name))).containsExactly(Fixtures.samples(name), within(CLOSE));
    }

    @ParameterizedTest
    @CsvSource({
        "tone-pcm_mulaw.wav, wav, pcm_mulaw, 8000, 1",
        "tone-192k.wav, wav, pcm_s16le, 192000, 1",
        "tone-six.ogg, ogg, vorbis, 48000, 6",
        "tone.m4a, mov, aac, 16000, 1",
        "tone-opus.webm, matroska, opus, 48000, 1",
        "tone-wb.amr, amr, amr_wb, 16000, 1",
        "tone-12k.mp3, mp3, mp3, 12000, 1",
        "tone-eight.flac, flac, flac, 8000, 8",
    })
    void aTrackSaysWhatItIs(String name, String container, String codec, int rate, int channels) throws IOException {
        try (AudioTrack track = AudioTrack.open(Fixtures.folder().resolve(name), null, MediaLimits.STANDARD)) {
            assertThat(track.container()).isEqualTo(container);
            assertThat(track.codec()).isEqualTo(codec);
            assertThat(track.sampleRate()).isEqualTo(rate);
            assertThat(track.channels()).isEqualTo(channels);
        }
    }

    @Test
    void linksOfOpusWithOtherChannelsAreMixedToThoseOfTheFirst() throws IOException {
        byte[] one = Fixtures.bytes("tone.opus");
        byte[] two = one.clone();
        two[28 + 9] = 2; // the channel count of the identification header: the packets decode to two alike
        OggBytes.repairChecksums(two);
        byte[] both = Fixtures.joined(one, two);
        assertThat(Fixtures.whole(both)).hasSize(2 * Fixtures.samples("tone.opus").length);
        assertThat(Fixtures.whole(Fixtures.joined(two, one))).hasSize(4 * Fixtures.samples("tone.opus").length);
    }

    @Test
    void samplesWithoutAHeaderAreWhatTheyAreSaidToBe() throws IOException {
        byte[] bytes = {0, 0, 0, 0x40, 0, (byte) 0x80, (byte) 0xff, 0x7f};
        try (AudioTrack track = Fixtures.open(new ByteArrayInputStream(bytes), RawAudio.parse("s16le:12345:2"))) {
            assertThat(track.sampleRate()).isEqualTo(12_345);
            assertThat(track.channels()).isEqualTo(2);
            assertThat(Fixtures.rest(track)).containsExactly(0, 0.5f, -1, 32767 / 32768f);
        }
        try (AudioTrack track =
                Fixtures.open(new ByteArrayInputStream(Fixtures.bytes("tone.g722")), RawAudio.parse("g722:16000"))) {
            assertThat(Fixtures.rest(track)).containsExactly(Fixtures.samples("tone.g722"), within(CLOSE));
        }
    }

    @Test
    void whatIsNoSoundIsRefused() {
        assertThatThrownBy(() -> Fixtures.open(new byte[0]))
                .isInstanceOf(MediaFormatException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> Fixtures.open("no audio, this is text".getBytes()))
                .isInstanceOf(MediaFormatException.class)
                .hasMessageContaining("no sound that is read");
    }

    @Test
    void noInputOpensAnotherFile() {
        String list = "ffconcat version 1.0\nfile '" + Fixtures.folder().resolve("tone.flac") + "'\n";
        assertThatThrownBy(() -> Fixtures.open(list.getBytes())).isInstanceOf(MediaFormatException.class);
        String playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n"
                + Fixtures.folder().resolve("tone.aac").toUri() + "\n#EXT-X-ENDLIST\n";
        assertThatThrownBy(() -> Fixtures.open(playlist.getBytes())).isInstanceOf(MediaFormatException.class);
    }
}
