#!/usr/bin/env bash
# Packs the screenshots of light, dark and phone into docs/images: 64 colours are enough for pages of a few, and WebP without loss
# keeps their letters sharp.
set -euo pipefail
cd "$(dirname "$0")/.."
source ../../eng/need.sh
need_tool pngquant pngquant
need_tool cwebp webp

target=../../docs/images
for picture in test-results/screens/*-{light,dark,phone}.png; do
  name=$(basename "$picture" .png)
  pngquant --force --strip --output "test-results/$name.png" 64 "$picture"
  cwebp -quiet -lossless -z 9 "test-results/$name.png" -o "$target/$name.webp"
  rm "test-results/$name.png"
done
du -ch "$target"/*.webp | tail -n 1
