package io.millrace.models.speech.training;

import java.util.Arrays;

import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.tokens.TokenEncoder;

/**
 * What each encoder frame should say where the times of words are known: blank before the middle of a word, since a
 * network that sees no future cannot know it yet, then the word's tokens up to one frame behind its end.
 */
final class FrameLabels {

    private FrameLabels() {}

    static int[] of(Sound sound, TokenEncoder tokens, FastConformerConfig config, int melFrames) {
        int[] labels = new int[Math.toIntExact(config.encoderFrames(melFrames))];
        Arrays.fill(labels, config.blank());
        int frame = MelFrontEnd.HOP * config.subsampling();
        int last = -1;
        for (Sound.Span span : sound.words()) {
            int[] ids = tokens.ids(span.word());
            // Frame i is centred at sample i * frame and sees what lies before it.
            int from = Math.max(last + 1, (int) Math.ceil((span.from() + span.to()) / 2.0 / frame));
            int to = Math.max(from + 1, (int) Math.ceil((double) span.to() / frame) + 1);
            // Two of the same word need a blank between them.
            for (int f = from; f < Math.min(to, labels.length); f++) {
                labels[f] = ids[(f - from) * ids.length / (to - from)];
                last = f;
            }
            if (last >= 0 && last + 1 < labels.length) {
                last++;
            }
        }
        return labels;
    }
}
