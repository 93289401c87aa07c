#!/usr/bin/env bash
# Makes the files beside this script: a rising tone of an eighth of a second in every form that is read, and beside each,
# as NAME.f32, the samples that the ffmpeg command makes of it (32-bit floats, channels interleaved).
#
#   FFMPEG     command that writes and reads them (default: ffmpeg; Debian 12's 5.1 made those that ship)
#   AMR_FFMPEG command with encoders for AMR, which Debian's has not: that of the org.bytedeco jar has (default: FFMPEG)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
ffmpeg=(${FFMPEG:-ffmpeg} -v error -nostdin -y -bitexact)
amr=(${AMR_FFMPEG:-${FFMPEG:-ffmpeg}} -v error -nostdin -y -bitexact)
rm -f ./*.f32 tone* joined* chained* tagged*
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

tone() { # rate, channels, file, options
  local layout='0.4*sin(2*PI*(300*t+4000*t*t))'
  local all="$layout"
  for ((i = 1; i < $2; i++)); do all="$all|0.$i*sin(2*PI*(200*t+1000*$i*t*t))"; done
  "${ffmpeg[@]}" -f lavfi -i "aevalsrc=$all:s=$1:d=0.125" "${@:4}" "$3"
}
tone 8000 1 "$work/t8.wav"
tone 16000 1 "$work/t16.wav"

for coding in pcm_u8 pcm_s24le pcm_s32le pcm_f32le pcm_f64le pcm_alaw pcm_mulaw adpcm_ms adpcm_ima_wav adpcm_yamaha; do
  tone 8000 1 "tone-$coding.wav" -c:a "$coding"
done
tone 8000 2 tone-stereo.wav
tone 8000 6 tone-six.wav
tone 192000 1 tone-192k.wav -t 0.02
tone 6000 1 tone-6k.wav
tone 8000 1 tone-gsm.wav -c:a libgsm_ms
tone 8000 1 tone.gsm -c:a libgsm
tone 16000 1 tone-g722.wav -c:a g722
tone 16000 1 tone.g722 -c:a g722
tone 8000 1 tone-rf64.wav -rf64 always
tone 8000 1 tone.w64
tone 8000 1 tone.aiff
tone 8000 1 tone.au
tone 8000 1 tone.caf
tone 8000 1 tone.flac
tone 8000 8 tone-eight.flac -c:a flac -t 0.05
tone 8000 1 tone.oga -c:a flac
tone 8000 1 tone.ogg -c:a libvorbis
tone 48000 6 tone-six.ogg -c:a libvorbis -t 0.04
tone 8000 1 tone.opus -c:a libopus
tone 8000 1 tone-opus.webm -c:a libopus
tone 8000 1 tone-vorbis.webm -c:a libvorbis
tone 8000 1 tone.mka -c:a flac
tone 16000 1 tone.m4a -c:a aac
tone 16000 1 tone-faststart.m4a -c:a aac -movflags +faststart
tone 8000 1 tone-alac.m4a -c:a alac
tone 16000 1 tone.aac -c:a aac
tone 16000 1 tone.loas -c:a aac -f latm
tone 16000 1 tone.spx -c:a libspeex
tone 16000 1 tone.mp2 -c:a mp2
"${amr[@]}" -i "$work/t8.wav" -c:a libopencore_amrnb tone-nb.amr
"${amr[@]}" -i "$work/t16.wav" -c:a libvo_amrwbenc tone-wb.amr

tone 16000 1 tone.mp3 -c:a libmp3lame
tone 16000 1 tone-untagged.mp3 -c:a libmp3lame -write_xing 0 -id3v2_version 0
tone 12000 1 tone-12k.mp3 -c:a libmp3lame
tone 16000 1 tone-mp3.wav -c:a libmp3lame

# One file after the other: with headers that tell the length of the first alone, with a tag between, links of two rates.
tag=$'TAG'"$(printf 'x%.0s' {1..125})"
cat tone.mp3 tone.mp3 >joined.mp3
{ cat tone-untagged.mp3; printf '%s' "$tag"; cat tone-untagged.mp3; } >joined-id3v1.mp3
{ printf 'ID3\4\0\0\0\0\0\12'; head -c 10 /dev/zero; cat "$work/t8.wav"; } >tagged.wav
tone 16000 2 "$work/other.ogg" -c:a libvorbis
cat tone.ogg tone.ogg >chained.ogg
cat tone.ogg "$work/other.ogg" >chained-rates.ogg
cat tone.oga tone.oga >chained.oga
cat tone.aac tone.aac >joined.aac

for file in *.wav *.gsm *.g722 *.w64 *.aiff *.au *.caf *.flac *.oga *.ogg *.opus *.webm *.mka *.m4a *.aac *.loas *.spx *.mp2 *.amr *.mp3; do
  "${ffmpeg[@]}" -i "$file" -f f32le "$file.f32" 2>/dev/null
done
# What RFC 7845 (section 4.2) has taken off in front of each link ffmpeg 5.1 takes off the first alone.
cat tone.opus tone.opus >chained.opus
cat tone.opus.f32 tone.opus.f32 >chained.opus.f32
