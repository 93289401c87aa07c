package io.millrace.connectors.media;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mutated files of every form end no process, and nothing but the declared error comes of them. A few by default; the whole run is
 *
 * <pre>
 * mvn -pl connectors -am test -Dtest=MediaFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
 *   -Dmillrace.fuzz.files=100000 -Dmillrace.fuzz.seed=1
 * </pre>
 */
class MediaFuzzTest {

    @Test
    void mutatedFilesAreDecodedOrRefused() throws Exception {
        long files = Long.getLong("millrace.fuzz.files", 300);
        MediaFuzz fuzz = new MediaFuzz(Long.getLong("millrace.fuzz.seed", 1));
        fuzz.run(files);
        assertThat(fuzz.faults()).isEmpty();
        long[] counts = fuzz.counts();
        assertThat(counts).doesNotContain(0);
        assertThat(counts[0] + counts[1] + counts[2]).isEqualTo(files);
    }
}
