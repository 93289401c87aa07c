package io.millrace.operators.speech;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.millrace.operators.source.Traced;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetterReason;

/** An assembler of one channel with its state, its time in the test's hands. */
final class Assembly implements ChannelAssembler.Output {

    final List<AssembledSpeech> speech = new ArrayList<>();
    final List<String> givenUp = new ArrayList<>();
    final List<Integer> lookAheads = new ArrayList<>();
    int repeated;
    long filledMillis;
    long now = 1_000_000;
    ChannelState state;
    private final ChannelAssembler assembler;

    Assembly(AssemblerSettings settings) {
        assembler = new ChannelAssembler(settings, SampleSpeech.CONTRACT, this);
    }

    static Assembly of(List<AudioChunk> chunks) {
        return new Assembly(SampleSpeech.SETTINGS).accept(chunks);
    }

    Assembly accept(List<AudioChunk> chunks) {
        chunks.forEach(chunk -> state = assembler.accept(state, SampleSpeech.traced(chunk), now));
        return this;
    }

    Assembly accept(AudioChunk... chunks) {
        return accept(Arrays.asList(chunks));
    }

    /** Lets time pass; what is due is done. */
    Assembly pass(long millis) {
        now += millis;
        if (state != null && now >= assembler.deadline(state, Long.MIN_VALUE)) {
            state = assembler.onTime(state, now, Long.MIN_VALUE);
        }
        return this;
    }

    Assembly drain() {
        assembler.drain(state, now);
        return this;
    }

    /** What was given of each stretch, in words that tell every feature. */
    List<String> described() {
        return speech.stream().map(Assembly::described).toList();
    }

    static String described(AssembledSpeech piece) {
        return piece.stretchStartMillis + "+" + piece.heardMillis + " first " + piece.firstFrame + " frames "
                + piece.frames + " drop " + piece.drop + " filled " + piece.filledMillis + " look-ahead "
                + piece.lookAhead + " silence " + piece.silenceMillis + " end " + piece.endedBy + " mel "
                + Arrays.hashCode(piece.mel);
    }

    /** Features of all chunks one behind another, without those that a chunk repeats of the one before it. */
    float[] features() {
        int bands = SampleSpeech.CONTRACT.bands();
        float[] all = {};
        long position = 0;
        for (AssembledSpeech piece : speech) {
            int history = (int) Math.min(9, position);
            if (!piece.isEnd()) {
                float[] fresh = Arrays.copyOfRange(piece.mel, history * bands, piece.mel.length);
                int filled = all.length;
                all = Arrays.copyOf(all, filled + fresh.length);
                System.arraycopy(fresh, 0, all, filled, fresh.length);
                position += fresh.length / bands;
            }
        }
        return all;
    }

    List<String> ends() {
        return speech.stream()
                .filter(AssembledSpeech::isEnd)
                .map(piece -> piece.endedBy)
                .toList();
    }

    @Override
    public void speech(AssembledSpeech piece) {
        speech.add(piece);
    }

    @Override
    public void givenUp(Traced<AudioChunk> chunk, DeadLetterReason reason, String message) {
        givenUp.add(chunk.record.getSequence() + " " + reason + " " + message);
    }

    @Override
    public void unheard(AssembledSpeech piece, String message) {
        givenUp.add("end " + message);
    }

    @Override
    public void repeated() {
        repeated++;
    }

    @Override
    public void filled(long millis) {
        filledMillis += millis;
    }

    @Override
    public void lookAhead(int frames, LookAheadControl.Decision decision) {
        lookAheads.add(frames);
    }
}
