package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The JSON readers and writers that every dialect shares. */
public final class Json {

  /** Levels of nesting that a request may have; the outermost object is the first. */
  static final int REQUEST_DEPTH = 100;

  // Below the depth that Jackson writes, so that every tree that was read can be written.
  private static final int TREE_DEPTH = 500;

  /** Reads what callers send: no duplicate keys, at most {@link #REQUEST_DEPTH} levels. */
  static final JsonFactory REQUESTS =
      reader(REQUEST_DEPTH).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Reads what providers send, and requests that were checked before. */
  static final JsonFactory ANSWERS = reader(1000).build();

  /** Reads and writes trees without changing a number; not for the hot path. */
  public static final JsonMapper TREES =
      JsonMapper.builder(reader(TREE_DEPTH).build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  // Keys are chosen by strangers: they are not interned, and a flood of colliding ones is slow
  // rather than an exception. Buffers are pooled because virtual threads keep no thread-locals.
  private static JsonFactoryBuilder reader(int depth) {
    return (JsonFactoryBuilder)
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(depth)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build());
  }

  /**
   * The number that is the current token; null when its exponent is more than a BigDecimal holds,
   * for which Jackson throws what is no IOException.
   */
  static @Nullable BigDecimal decimal(JsonParser json) throws IOException {
    try {
      return json.getDecimalValue();
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  /** The bytes as a tree; null when they are no JSON or hold a number that no tree can. */
  public static @Nullable JsonNode tree(byte[] bytes, int start, int length) {
    try {
      return TREES.readTree(bytes, start, length);
    } catch (IOException | NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  /** The text as a JSON string with its quotes; lone surrogates become {@code ?}. */
  public static String quote(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** A tree as compact UTF-8; lone surrogates become {@code ?} instead of failing. */
  public static byte[] write(JsonNode tree) {
    try {
      return TREES.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
