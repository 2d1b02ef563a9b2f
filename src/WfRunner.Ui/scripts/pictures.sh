#!/usr/bin/env bash
# Packs the screenshots of light, dark and phone that are newer than their picture in docs/images: 64 colours are enough for pages of
# a few, and WebP without loss keeps their letters sharp.
set -euo pipefail
cd "$(dirname "$0")/.."
source ../../eng/need.sh
need_tool pngquant pngquant
need_tool cwebp webp

pack() {
  local target=../../docs/images/$(basename "$1" .png).webp small=${1%.png}.small
  [[ $target -nt $1 ]] && return
  pngquant --force --strip --output "$small" 64 "$1"
  cwebp -quiet -lossless -z 6 "$small" -o "$target"
  rm "$small"
}
export -f pack
printf '%s\n' test-results/screens/*-{light,dark,phone}.png | xargs -P "$(nproc)" -I{} bash -c 'pack "$1"' _ {}
du -ch ../../docs/images/*.webp | tail -n 1
