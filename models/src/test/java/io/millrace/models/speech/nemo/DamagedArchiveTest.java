package io.millrace.models.speech.nemo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.millrace.models.checkpoint.Damage.assertSurvives;

/** Whatever bytes change, a reader returns or refuses: no other error, no hang, no exhausted memory. */
class DamagedArchiveTest {

    @TempDir
    Path folder;

    private void readArchive(byte[] bytes) throws IOException {
        NemoArchive archive = NemoArchive.read(Files.write(folder.resolve("model.nemo"), bytes));
        archive.tokenizer();
    }

    @Test
    void anArchive() {
        assertSurvives(SyntheticNemo.tar(SyntheticNemo.members()), 3000, this::readArchive);
    }

    @Test
    void aCompressedArchive() {
        assertSurvives(SyntheticNemo.gzip(SyntheticNemo.tar(SyntheticNemo.members())), 3000, this::readArchive);
    }

    @Test
    void aConfiguration() {
        Map<String, byte[]> members = SyntheticNemo.members();
        assertSurvives(members.get("./model_config.yaml"), 5000, bytes -> NemoConfig.parse(ByteBuffer.wrap(bytes)));
    }

    @Test
    void aTokenizer() {
        for (byte[] model : new byte[][] {SyntheticPieces.unigram(), SyntheticPieces.bpe(true)}) {
            assertSurvives(model, 5000, bytes -> {
                SentencePieceModel pieces = SentencePieceModel.parse(ByteBuffer.wrap(bytes));
                pieces.decode(pieces.encode("the tenth, \u00e9 <x> \ud83d then"));
            });
        }
    }
}
