package io.millrace.models.speech.nemo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.millrace.models.checkpoint.PickleWriter;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NemoArchiveTest {

    @TempDir
    Path folder;

    private NemoArchive read(byte[] archive) throws IOException {
        return NemoArchive.read(Files.write(folder.resolve("model.nemo"), archive));
    }

    private void assertRefused(byte[] archive, String reason) {
        assertThatThrownBy(() -> read(archive))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.nemo")
                .hasMessageContaining(reason);
    }

    private void assertHoldsTheModel(NemoArchive archive) {
        assertThat(archive.config().at("/preprocessor/sample_rate").intValue()).isEqualTo(16000);
        assertThat(archive.config().at("/preprocessor/dither").doubleValue()).isEqualTo(1e-5);
        assertThat(archive.weights().get("encoder.bias").floats()).containsExactly(7, 8);
        assertThat(archive.artefacts()).containsExactly("abc_tokenizer.model");
        assertThat(archive.artefact("nemo:abc_tokenizer.model"))
                .isEqualTo(archive.artefact("abc_tokenizer.model"))
                .isEqualTo(ByteBuffer.wrap(SyntheticPieces.unigram()));
        assertThat(archive.tokenizer().orElseThrow().decode(5)).isEqualTo("the");
    }

    @Test
    void readsAPlainArchive() throws IOException {
        assertHoldsTheModel(read(SyntheticNemo.tar(SyntheticNemo.members())));
    }

    @Test
    void readsACompressedArchive() throws IOException {
        assertHoldsTheModel(read(SyntheticNemo.gzip(SyntheticNemo.tar(SyntheticNemo.members()))));
    }

    @Test
    void readsLongNamesOfBothKinds() throws IOException {
        String name = "hash_" + "x".repeat(150) + "ä_vocab.txt";
        for (int mode : new int[] {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
                tar.setLongFileMode(mode);
                for (Map.Entry<String, byte[]> member : SyntheticNemo.members().entrySet()) {
                    tar.putArchiveEntry(SyntheticNemo.file(
                            member.getKey().contains("tokenizer") ? name : member.getKey(), member.getValue().length));
                    tar.write(member.getValue());
                    tar.closeArchiveEntry();
                }
            }
            NemoArchive archive = read(bytes.toByteArray());
            assertThat(archive.artefacts()).containsExactly(name);
            assertThatThrownBy(archive::tokenizer).hasMessageContaining("no file abc_tokenizer.model");
        }
    }

    @Test
    void refusesAPickleThatWouldRunACommand() {
        Path trace = folder.resolve("owned");
        byte[] pickle = new PickleWriter()
                .global("os", "system")
                .ascii("(")
                .text("touch " + trace)
                .ascii("tR")
                .stop();
        Map<String, byte[]> members = SyntheticNemo.members();
        members.put("./model_weights.ckpt", SyntheticNemo.checkpoint(pickle));
        assertRefused(SyntheticNemo.tar(members), "os.system");
        assertThat(trace).doesNotExist();
    }

    @Test
    void refusesArchivesThatLackAPart() {
        Map<String, byte[]> members = SyntheticNemo.members();
        members.remove("./model_config.yaml");
        assertRefused(SyntheticNemo.tar(members), "lacks model_config.yaml");
        members = SyntheticNemo.members();
        members.remove("./model_weights.ckpt");
        assertRefused(SyntheticNemo.tar(members), "lacks model_weights.ckpt");
        assertRefused(new byte[2048], "no files");
        assertRefused(SyntheticNemo.utf8("not a tar. ".repeat(100)), "not a tar");
        assertRefused(new byte[0], "no files");
    }

    @Test
    void refusesNamesThatOccurTwiceOrLeaveTheArchive() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "model_config.yaml", "twice", "../x", "leaves the archive", "a/../../x", "leaves the archive")
                .entrySet()) {
            Map<String, byte[]> members = SyntheticNemo.members();
            members.put(wrong.getKey(), new byte[1]);
            assertRefused(SyntheticNemo.tar(members), wrong.getValue());
        }
    }

    @Test
    void refusesLinksAndSizesThatTheFileDoesNotHave() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry link = new TarArchiveEntry("model_config.yaml", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc/passwd");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        assertRefused(bytes.toByteArray(), "model_config.yaml is a link");

        byte[] header = new byte[512];
        SyntheticNemo.file("model_weights.ckpt", Integer.MAX_VALUE).writeEntryHeader(header);
        assertRefused(header, "cut off");
    }

    @Test
    void refusesWhatInflatesTooFar() {
        Map<String, byte[]> members = SyntheticNemo.members();
        members.put("./zeros", new byte[80 << 20]);
        assertRefused(SyntheticNemo.gzip(SyntheticNemo.tar(members)), "inflates");
    }

    @Test
    void namesAReferenceThatLeadsNowhere() {
        Map<String, byte[]> members = SyntheticNemo.members();
        members.put("./model_config.yaml", SyntheticNemo.utf8("encoder: {d_model: \"${model.width}\"}"));
        assertRefused(SyntheticNemo.tar(members), "unresolved ${model.width} at encoder.d_model");
    }
}
