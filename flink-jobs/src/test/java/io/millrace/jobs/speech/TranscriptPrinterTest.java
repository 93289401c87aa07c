package io.millrace.jobs.speech;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

import io.millrace.models.speech.decoding.Hypothesis;
import io.millrace.models.speech.decoding.Word;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TranscriptPrinterTest {
    private final StringWriter printed = new StringWriter();

    @Test
    void subtitlesAreNumberedAndTimedFromTheStartOfEachFile() throws Exception {
        assertThat(print(TranscriptFormat.SRT, false)).isEqualTo("1\n00:00:00,480 --> 01:02:03,040\none <two>\n\n");
    }

    @Test
    void webSubtitlesAreEscapedAndHaveAHeaderWithoutWordsToo() throws Exception {
        assertThat(print(TranscriptFormat.VTT, true))
                .isEqualTo("WEBVTT\n\nNOTE a.wav\n\n00:00:00.480 --> 01:02:03.040\none &lt;two&gt;\n\n");
    }

    @Test
    void objectsNameTheirFileWhereThereAreSeveral() throws Exception {
        assertThat(print(TranscriptFormat.JSON, true))
                .startsWith("{\"file\":\"a.wav\",\"text\":\"one <two>\",\"start\":0.48,\"end\":3723.04,\"words\":[");
        printed.getBuffer().setLength(0);
        assertThat(print(TranscriptFormat.JSON, false)).startsWith("{\"text\":");
    }

    @Test
    void severalFilesHaveOneHeaderAndAreNumberedEachFromOne() throws Exception {
        TranscriptPrinter subtitles = new TranscriptPrinter(TranscriptFormat.VTT, new PrintWriter(printed));
        subtitles.begin("a --> b\n.wav", true);
        subtitles.begin("c.wav", true);
        assertThat(printed.toString()).isEqualTo("WEBVTT\n\nNOTE a -> b .wav\n\nNOTE c.wav\n\n");
        printed.getBuffer().setLength(0);
        TranscriptPrinter numbered = new TranscriptPrinter(TranscriptFormat.SRT, new PrintWriter(printed));
        for (String file : List.of("a.wav", "b.wav")) {
            numbered.begin(file, true);
            numbered.print(said("one", 0, 1));
            numbered.print(said("two", 59.9996, 3600));
        }
        assertThat(printed.toString().lines().filter(line -> line.matches("\\d+")))
                .containsExactly("1", "2", "1", "2");
        assertThat(printed.toString()).contains("\n00:01:00,000 --> 01:00:00,000\ntwo\n");
    }

    @Test
    void textIsALineWithItsTimesUnderTheNameOfItsFile() throws Exception {
        TranscriptPrinter text = new TranscriptPrinter(TranscriptFormat.TEXT, new PrintWriter(printed));
        assertThat(text.showsPartials()).isTrue();
        assertThat(new TranscriptPrinter(TranscriptFormat.JSON, new PrintWriter(printed)).showsPartials())
                .isFalse();
        text.begin("a.wav", false);
        text.print(said("one", 1.234, 12.3));
        text.begin("b.wav", true);
        assertThat(printed.toString().lines()).containsExactly("[   1.23 -   12.30] one", "b.wav:");
    }

    private static Hypothesis said(String word, double start, double end) {
        return new Hypothesis(List.of(new Word(word, start, end, 0.9)), true);
    }

    private String print(TranscriptFormat format, boolean several) throws Exception {
        TranscriptPrinter printer = new TranscriptPrinter(format, new PrintWriter(printed));
        printer.begin("a.wav", several);
        printer.print(new Hypothesis(
                List.of(new Word("one", 0.48, 0.96, 0.9), new Word("<two>", 3722.96, 3723.04, 0.8)), true));
        return printed.toString();
    }
}
