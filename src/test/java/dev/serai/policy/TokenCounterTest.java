package dev.serai.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCounterTest {
  private static final TokenCounter COUNTER = new TokenCounter();
  private static final Encoding O200K = encoding(EncodingType.O200K_BASE);
  private static final Encoding CL100K = encoding(EncodingType.CL100K_BASE);
  private static final String PROSE =
      "The quick brown fox jumps over the lazy dog, and then 42 people clapped. ";

  /** Figures from OpenAI's cookbook, "How to count tokens with tiktoken". */
  @ParameterizedTest
  @CsvSource({
    "gpt-4o, antidisestablishmentarianism, 6",
    "gpt-4, antidisestablishmentarianism, 6",
    "gpt-4o, 2 + 2 = 4, 7",
    "gpt-4, 2 + 2 = 4, 7",
    "gpt-4o, お誕生日おめでとう, 8",
    "gpt-4, お誕生日おめでとう, 9",
    "gpt-4o, tiktoken is great!, 6",
    "gpt-4o, '', 0",
  })
  void counts_as_the_provider_does(String model, String text, long tokens) {
    assertThat(COUNTER.count(model, text)).isEqualTo(tokens);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4-turbo",
        "gpt-4",
        "gpt-4-0613",
        "gpt-3.5-turbo",
        "text-embedding-3-large",
        "openai/gpt-4-turbo"
      })
  void older_models_are_counted_by_the_older_encoding(String model) {
    assertThat(COUNTER.count(model, "お誕生日おめでとう")).isEqualTo(9);
    assertThat(COUNTER.exact(model)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-mini, true",
    "gpt-4.1, true",
    "gpt-5-nano, true",
    "o1, true",
    "o3, true",
    "o4-mini, true",
    "openai/gpt-4o, true",
    "anthropic.claude-3-haiku-20240307-v1:0, false",
    "serai-local, false",
    "olmo-2, false",
  })
  void all_others_are_counted_by_the_newer_encoding(String model, boolean exact) {
    assertThat(COUNTER.count(model, "お誕生日おめでとう")).isEqualTo(8);
    assertThat(COUNTER.exact(model)).isEqualTo(exact);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 0x3000})
  void pieces_are_those_of_the_encoding(int characters) {
    Random random = new Random(20260311);
    String[] parts = {
      "Hello",
      "world",
      "ABC",
      "aBc",
      " ",
      "  ",
      "\t",
      "\n",
      "\r\n",
      "\n\n",
      "'s",
      "'RE",
      "'Ll",
      "'l",
      "'",
      "\"",
      ".",
      "...",
      "//",
      "/",
      "(",
      "){",
      "1",
      "12345",
      "_",
      "-",
      "don't",
      "\u0000",
      "\u001c",
      "\u007f",
      "\u000b",
      "\f",
      "<|endoftext|>",
      "x",
      "I'm",
      "he'dog",
      "it'making",
      "we've",
      "=",
      "{\"a\": 1}",
      " the quick brown",
      " fox"
    };
    for (int round = 0; round < 10_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int part = random.nextInt(16); part >= 0; part--) {
        text.append(
            random.nextInt(4) == 0
                ? String.valueOf((char) random.nextInt(characters))
                : parts[random.nextInt(parts.length)]);
      }

      long counted = COUNTER.count("gpt-4o", text);

      assertThat(counted).as("%s", text).isEqualTo(O200K.countTokensOrdinary(text.toString()));
    }
  }

  @Test
  void text_beyond_ascii_is_counted_as_the_encoding_does() {
    String text = "Grüße aus 東京 😀 — “quoted”, naïve; e\u0301 " + PROSE.repeat(20) + "ß";

    assertThat(COUNTER.count("gpt-4o", text)).isEqualTo(O200K.countTokensOrdinary(text));
    assertThat(COUNTER.count("gpt-4", text)).isEqualTo(CL100K.countTokensOrdinary(text));
  }

  @Test
  void a_text_up_to_the_limit_is_counted_whole() {
    String text = PROSE.repeat(3_000).substring(0, TokenCounter.COUNTED_CHARS);

    assertThat(COUNTER.count("gpt-4o", text)).isEqualTo(O200K.countTokensOrdinary(text));
  }

  @Test
  void a_longer_text_is_reckoned_from_its_start_and_rounded_up() {
    String text = PROSE.repeat(10_000);

    long counted = COUNTER.count("gpt-4o", text);

    assertThat(counted).isCloseTo(18L * 10_000, within(2_000L));
    assertThat(COUNTER.count("gpt-4o", "a ".repeat(100_000) + "b")).isEqualTo(100_002);
  }

  @Test
  void the_rest_of_a_longer_text_weighs_by_its_bytes() {
    String ascii = PROSE.repeat(3_000).substring(0, TokenCounter.COUNTED_CHARS);

    long counted = COUNTER.count("gpt-4o", ascii + "中".repeat(200_000));

    assertThat(counted).isCloseTo(4 * COUNTER.count("gpt-4o", ascii), within(10L));
  }

  @Test
  void a_longer_text_is_not_cut_between_surrogates() {
    String text = "a" + "😀".repeat(150_000);

    assertThat(COUNTER.count("gpt-4o", text)).isCloseTo(150_001L, within(3_000L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "!", "中", "😀", "e\u0301"})
  void a_run_without_an_end_is_counted_soon(String unit) {
    String text = unit.repeat(TokenCounter.COUNTED_CHARS / unit.length());

    assertThat(bestCpuMillis(() -> COUNTER.count("gpt-4o", text))).isLessThan(200);
    assertThat(bestCpuMillis(() -> COUNTER.count("gpt-4", text))).isLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "\n", "!", "7", "aA", "é", "中", "😀", "\u00a0", "=-"})
  void a_run_that_is_cut_is_hardly_counted_as_more(String unit) {
    String text = unit.repeat(2_000);

    long exact = O200K.countTokensOrdinary(text);

    assertThat(COUNTER.count("gpt-4o", text)).isBetween(exact, exact + exact / 4 + 64);
  }

  @Test
  void half_a_surrogate_pair_is_counted_as_a_stand_in() {
    assertThat(COUNTER.count("gpt-4", "a\ud800b")).isEqualTo(CL100K.countTokensOrdinary("a?b"));
    assertThat(COUNTER.count("gpt-4o", "a\udc00b")).isEqualTo(O200K.countTokensOrdinary("a?b"));
  }

  @Test
  void many_threads_count_the_same() throws Exception {
    TokenCounter fresh = new TokenCounter();
    List<Callable<Long>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      calls.add(() -> fresh.count("gpt-4o", PROSE.repeat(50)));
    }
    List<Long> counts = new ArrayList<>();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Long> count : threads.invokeAll(calls)) {
        counts.add(count.get());
      }
    }

    assertThat(counts).containsOnly((long) O200K.countTokensOrdinary(PROSE.repeat(50)));
  }

  /** CPU time of this thread: what else the machine does is of no interest. */
  private static long bestCpuMillis(Runnable work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = threads.getCurrentThreadCpuTime();
      work.run();
      best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
    }
    return best / 1_000_000;
  }

  private static Encoding encoding(EncodingType type) {
    return Encodings.newLazyEncodingRegistry().getEncoding(type);
  }
}
