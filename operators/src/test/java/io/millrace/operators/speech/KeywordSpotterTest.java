package io.millrace.operators.speech;

import java.util.ArrayList;
import java.util.List;

import io.millrace.schemas.RecognisedWord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeywordSpotterTest {

    private final KeywordSpotter spotter = new KeywordSpotter(List.of("Cancel", "call me  back", "no no", "cancel"));

    private List<String> found(String text) {
        List<RecognisedWord> words = new ArrayList<>();
        for (String word : text.split(" ")) {
            words.add(new RecognisedWord(word, words.size() * 100L, words.size() * 100L + 80, 1.0));
        }
        return spotter.mentions(words).stream()
                .map(mention -> mention.keyword() + "@" + mention.words().get(0).getStartMs() + "+"
                        + mention.words().size() + ":" + mention.spoken())
                .toList();
    }

    @Test
    void wordsAndPhrasesAreFoundEachTimeTheyAreSaid() {
        assertThat(found("please cancel and CANCEL it")).containsExactly("Cancel@100+1:cancel", "Cancel@300+1:cancel");
        assertThat(found("do call me back")).containsExactly("call me  back@100+3:call me back");
        assertThat(found("no no no")).containsExactly("no no@0+2:no no");
        assertThat(found("no no no no")).containsExactly("no no@0+2:no no", "no no@200+2:no no");
        assertThat(found("cancelled call me")).isEmpty();
    }
}
