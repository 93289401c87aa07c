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

    private String print(TranscriptFormat format, boolean several) throws Exception {
        TranscriptPrinter printer = new TranscriptPrinter(format, new PrintWriter(printed));
        printer.begin("a.wav", several);
        printer.print(new Hypothesis(
                List.of(new Word("one", 0.48, 0.96, 0.9), new Word("<two>", 3722.96, 3723.04, 0.8)), true));
        return printed.toString();
    }
}
