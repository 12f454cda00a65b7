package dev.serai.pricelist;

/** What a price file may have a price for, in the order of {@code models.yaml}. */
enum Figure {
  INPUT("input"),
  OUTPUT("output"),
  CACHE_READ("cache-read"),
  CACHE_WRITE("cache-write"),
  CACHE_WRITE_1H("cache-write-1h"),
  REASONING("reasoning"),
  AUDIO_INPUT("audio-input"),
  AUDIO_OUTPUT("audio-output"),
  IMAGE_INPUT("image-input"),
  IMAGE_OUTPUT("image-output");

  final String setting;

  Figure(String setting) {
    this.setting = setting;
  }
}
